package io.pgsync.elasticsearch.lookup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** One clause of a search, in the query language that all engines share. */
record SearchClause(ObjectNode json) {
    /** Every document. */
    static SearchClause all() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("match_all");
        return new SearchClause(json);
    }

    /** Documents in which the field has a value. */
    static SearchClause exists(String field) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("exists").put("field", field);
        return new SearchClause(json);
    }

    /** Documents in which the field has one of the values. */
    static SearchClause terms(String field, Collection<String> values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode terms = json.putObject("terms").putArray(field);
        values.forEach(terms::add);
        return new SearchClause(json);
    }

    static SearchClause allOf(Collection<SearchClause> clauses) {
        return bool("filter", clauses);
    }

    static SearchClause anyOf(Collection<SearchClause> clauses) {
        SearchClause any = bool("should", clauses);
        any.json().withObject("/bool").put("minimum_should_match", 1);
        return any;
    }

    private static SearchClause bool(String occurrence, Collection<SearchClause> clauses) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putObject("bool").putArray(occurrence);
        clauses.forEach(clause -> list.add(clause.json()));
        return new SearchClause(json);
    }
}
