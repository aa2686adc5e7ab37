package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.Field.JsonStep;
import java.util.List;

/**
 * The type that the engine itself would give to a typical value of a column. No value is refused: if PostgreSQL writes
 * a text where the engine wants a number or a date ({@code NaN}, {@code infinity}, a year BC), it stays in the document
 * but is not indexed.
 */
enum FieldType {
    LONG,
    DOUBLE,
    BOOLEAN,
    DATE,
    TEXT,
    /** An object whose values are strings, under any keys. */
    TEXTS_BY_KEY,
    /** Values of any kind; the engine decides. */
    DYNAMIC;

    private static final int KEYWORD_LENGTH = 256;

    static FieldType of(Field field, ColumnType type) {
        if (field.path().isEmpty()) {
            return of(type);
        }
        List<JsonStep> path = field.path();
        return path.get(path.size() - 1).asText() ? TEXT : DYNAMIC;
    }

    private static FieldType of(ColumnType type) {
        return switch (type.kind()) {
            case COMPOSITE -> DYNAMIC;
            case ENUM, RANGE -> TEXT;
            case BASE -> ofBase(type.baseName());
            case ARRAY ->
                type.baseName().startsWith("_") ? ofElement(type.baseName().substring(1)) : DYNAMIC;
        };
    }

    private static FieldType ofBase(String name) {
        return switch (name) {
            case "int2", "int4", "int8" -> LONG;
            case "float4", "float8", "numeric" -> DOUBLE;
            case "bool" -> BOOLEAN;
            case "date", "timestamp", "timestamptz" -> DATE;
            case "hstore" -> TEXTS_BY_KEY;
            // PostGIS renders its types as GeoJSON objects.
            case "json", "jsonb", "geometry", "geography" -> DYNAMIC;
            default -> TEXT;
        };
    }

    /** Only the name of an element's type is known: it may be a composite, which is an object. */
    private static FieldType ofElement(String name) {
        return switch (name) {
            case "text", "varchar", "bpchar", "citext", "name", "uuid", "inet", "cidr", "macaddr", "time", "timetz" ->
                TEXT;
            case "interval", "money", "bytea", "bit", "varbit", "xml", "oid" -> TEXT;
            default -> ofBase(name) == TEXT ? DYNAMIC : ofBase(name);
        };
    }

    ObjectNode mapping() {
        ObjectNode mapping = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case LONG -> mapping.put("type", "long");
            case DOUBLE -> mapping.put("type", "double").put("ignore_malformed", true);
            case BOOLEAN -> mapping.put("type", "boolean");
            case DATE -> mapping.put("type", "date").put("ignore_malformed", true);
            case TEXT ->
                mapping.put("type", "text")
                        .putObject("fields")
                        .putObject("keyword")
                        .put("type", "keyword")
                        .put("ignore_above", KEYWORD_LENGTH);
            case TEXTS_BY_KEY, DYNAMIC -> mapping.put("type", "object");
        }
        return mapping;
    }
}
