package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Elasticsearch tells for each right whether we have it. */
final class ElasticsearchRights implements Rights {
    private static final List<String> OF_INDEXES =
            List.of("create_index", "index", "delete", "read", "manage", "view_index_metadata");

    /** The statuses with which a node without security answers a request about it, by version. */
    private static final Set<Integer> NO_SUCH_REQUEST = Set.of(400, 404, 405);

    @Override
    public Request question(Collection<String> indexes) {
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.putArray("cluster").add("monitor");
        ObjectNode ofIndexes = question.putArray("index").addObject();
        ArrayNode names = ofIndexes.putArray("names");
        indexes.forEach(index -> names.add(index).add(index + "*"));
        names.add(ElasticsearchSettings.STATE_INDEX);
        ArrayNode privileges = ofIndexes.putArray("privileges");
        OF_INDEXES.forEach(privileges::add);
        var request = new Request("POST", "/_security/user/_has_privileges");
        request.setJsonEntity(question.toString());
        return request;
    }

    /** Without security there is nothing to ask, and everything is allowed. */
    @Override
    public Optional<Finding> finding(Answer answer) {
        if (NO_SUCH_REQUEST.contains(answer.status())) {
            return Optional.of(Rights.unrestricted());
        }
        return answer.isSuccess() ? Optional.of(finding(answer.json())) : Optional.empty();
    }

    private static Finding finding(JsonNode answer) {
        if (answer.path("has_all_requested").asBoolean()) {
            return Finding.fine(SUBJECT, "all that are needed");
        }
        var missing = new ArrayList<String>();
        answer.path("cluster").properties().stream()
                .filter(right -> !right.getValue().asBoolean())
                .forEach(right -> missing.add(right.getKey() + " on the cluster"));
        answer.path("index")
                .properties()
                .forEach(index -> index.getValue().properties().stream()
                        .filter(right -> !right.getValue().asBoolean())
                        .forEach(right -> missing.add(right.getKey() + " on " + index.getKey())));
        return Finding.problem(
                SUBJECT,
                "user " + answer.path("username").asText() + " lacks " + String.join(", ", missing),
                "Give its role the cluster privilege monitor and, on the indexes and "
                        + ElasticsearchSettings.STATE_INDEX + ", " + String.join(", ", OF_INDEXES));
    }

    @Override
    public String advice() {
        return "Give the user the cluster privilege \"monitor\" and all privileges on the index and on "
                + ElasticsearchSettings.STATE_INDEX + ".";
    }
}
