package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a node and its children. */
record NodeReader(Problems warnings) {
    private static final List<String> KEYS = List.of(
            "base_tables",
            "children",
            "columns",
            "label",
            "limit",
            "primary_key",
            "relationship",
            "schema",
            "sort",
            "table",
            "transform",
            "where");
    private static final String DEFAULT_SCHEMA = "public";

    /** Empty if the tree cannot be used; the reasons are then noted. */
    Optional<NodeDefinition> root(SchemaValue node) {
        for (String key : List.of("sort", "limit")) {
            if (node.at(key).given()) {
                node.at(key).reject("orders or cuts a list; the root has none, remove it");
            }
        }
        // PGSync allows a relationship here and ignores it.
        RelationshipReader.read(node.at("relationship"), DEFAULT_SCHEMA);
        return read(node, Optional.empty());
    }

    private Optional<NodeDefinition> child(SchemaValue node) {
        if (!node.json().isObject()) {
            node.reject("must be a node, an object with \"table\" and \"relationship\", not " + node.described());
            return Optional.empty();
        }
        SchemaValue relationship = node.at("relationship");
        if (!relationship.given() || relationship.json().isEmpty()) {
            relationship.reject("is missing: every node but the root needs a \"type\" and a \"variant\"");
            return read(node, Optional.empty());
        }
        Optional<RelationshipDefinition> link = RelationshipReader.read(relationship, schemaOf(node));
        if (link.filter(l -> l.type() == Cardinality.ONE_TO_ONE).isPresent()) {
            for (String key : List.of("sort", "limit")) {
                if (node.at(key).given()) {
                    node.at(key).reject("orders or cuts a list; use it with the type one_to_many only");
                }
            }
        }
        return read(node, link);
    }

    private Optional<NodeDefinition> read(SchemaValue node, Optional<RelationshipDefinition> relationship) {
        node.allowOnly(KEYS, "node attribute");
        SchemaValue table = node.at("table");
        if (!table.given()) {
            table.reject("is missing: a node must name its table");
        }
        if (node.json().path("schema").isNull()) {
            node.at("schema").reject("is null; name a schema, or leave it out for \"%s\"".formatted(DEFAULT_SCHEMA));
        }
        node.at("schema").text();
        String schema = schemaOf(node);
        Optional<String> name = table.text();
        Optional<String> label = node.at("label").text();
        var definition = new NodeDefinition(
                node.pointer(),
                new TableName(schema, name.orElse("")),
                label.or(() -> name).orElse(""),
                columns(node.at("columns")),
                node.at("primary_key").textOrTexts(),
                relationship,
                node.at("base_tables").texts().stream()
                        .map(base -> new TableName(schema, base))
                        .toList(),
                node.at("where").text(),
                node.at("sort").elements().stream()
                        .map(SortReader::read)
                        .flatMap(Optional::stream)
                        .toList(),
                limit(node.at("limit")),
                TransformReader.read(node.at("transform"), warnings),
                children(node.at("children")));
        return name.map(given -> definition);
    }

    private static String schemaOf(SchemaValue node) {
        String schema = node.json().path("schema").asText();
        return schema.isEmpty() ? DEFAULT_SCHEMA : schema;
    }

    private List<String> columns(SchemaValue columns) {
        var names = new ArrayList<String>();
        for (SchemaValue column : columns.elements()) {
            if (column.json().isTextual()) {
                column.text().ifPresent(names::add);
            } else {
                warnings.add(column.pointer(), "is not a string, ignored");
            }
        }
        return names;
    }

    private static OptionalInt limit(SchemaValue limit) {
        if (!limit.given()) {
            return OptionalInt.empty();
        }
        if (!limit.json().canConvertToInt()
                || limit.json().intValue() < 1
                || !limit.json().isIntegralNumber()) {
            limit.reject("must be a whole number of at least 1, not " + limit.described());
            return OptionalInt.empty();
        }
        return OptionalInt.of(limit.json().intValue());
    }

    private List<NodeDefinition> children(SchemaValue children) {
        return children.elements().stream()
                .map(this::child)
                .flatMap(Optional::stream)
                .toList();
    }
}
