package io.pgsync.core.schema;

import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.RelationshipDefinition.LinkColumns;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code relationship}. */
final class RelationshipReader {
    private static final List<String> KEYS = List.of("type", "variant", "foreign_key", "through_tables");

    private RelationshipReader() {}

    /** {@code schema}: the schema of through tables that do not name one. */
    static Optional<RelationshipDefinition> read(SchemaValue relationship, String schema) {
        relationship.allowOnly(KEYS, "relationship attribute");
        Optional<Cardinality> type = constant(relationship.at("type"), Cardinality.values());
        Optional<Variant> variant = constant(relationship.at("variant"), Variant.values());
        Optional<LinkColumns> foreignKey = foreignKey(relationship.at("foreign_key"));
        Optional<TableName> through = through(relationship.at("through_tables"), schema);
        if (relationship.json().isObject() && !relationship.json().isEmpty()) {
            requireGiven(relationship, "type");
            requireGiven(relationship, "variant");
        }
        return type.flatMap(t -> variant.map(v -> new RelationshipDefinition(t, v, foreignKey, through)));
    }

    private static void requireGiven(SchemaValue relationship, String key) {
        if (!relationship.at(key).given()) {
            relationship.at(key).reject("is missing: a relationship needs a \"type\" and a \"variant\"");
        }
    }

    private static <E extends Enum<E>> Optional<E> constant(SchemaValue value, E[] constants) {
        List<String> allowed =
                Stream.of(constants).map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
        Optional<String> text = value.text();
        if (text.isPresent() && !allowed.contains(text.get())) {
            value.reject("\"%s\" is invalid; give %s".formatted(text.get(), String.join(" or ", allowed)));
        }
        return text.filter(allowed::contains).map(name -> constants[allowed.indexOf(name)]);
    }

    private static Optional<LinkColumns> foreignKey(SchemaValue foreignKey) {
        if (!foreignKey.given() || foreignKey.object().isEmpty()) {
            return Optional.empty();
        }
        foreignKey.allowOnly(List.of("parent", "child"), "foreign_key attribute");
        List<String> parent = foreignKey.at("parent").textOrTexts();
        List<String> child = foreignKey.at("child").textOrTexts();
        if (parent.isEmpty() || child.isEmpty()) {
            foreignKey.reject("must name columns of both sides: {\"parent\": [...], \"child\": [...]}");
            return Optional.empty();
        }
        return Optional.of(new LinkColumns(parent, child));
    }

    private static Optional<TableName> through(SchemaValue tables, String schema) {
        List<String> names = tables.texts();
        if (names.size() > 1) {
            tables.reject("names %d tables; a relationship can go through one only, nest nodes to go through more"
                    .formatted(names.size()));
        }
        return names.stream().findFirst().map(name -> qualified(name, schema));
    }

    private static TableName qualified(String name, String schema) {
        int dot = name.indexOf('.');
        return dot < 0 ? new TableName(schema, name) : new TableName(name.substring(0, dot), name.substring(dot + 1));
    }
}
