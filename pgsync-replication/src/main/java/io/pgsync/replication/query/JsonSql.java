package io.pgsync.replication.query;

import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.tree.Field;
import io.pgsync.core.tree.Field.JsonStep;
import io.pgsync.core.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Expressions that make JSON from columns, in the same form as PostgreSQL's own conversion. */
final class JsonSql {
    /** A function takes at most 100 arguments. */
    private static final int MOST_ARGUMENTS = 100;

    /** Types whose values appear in JSON unchanged, or as {@code KeyText} describes. */
    private static final Set<String> SCALARS = Set.of(
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "bool",
            "timestamp",
            "timestamptz",
            "date",
            "text",
            "varchar",
            "bpchar",
            "uuid");

    private JsonSql() {}

    /** The value of a field of {@code node}; {@code alias} is its row. */
    static String value(TreeNode node, Field field, String alias) {
        ColumnType type = field.path().isEmpty() && isSystemColumn(node, field.column())
                ? new ColumnType("text", "text", ColumnType.Kind.BASE)
                : node.typeOf(field.column());
        String column = Sql.column(alias, field.column());
        if (field.path().isEmpty()) {
            return normalised(type, column);
        }
        var expression = new StringBuilder("(").append(column);
        if (type.baseName().equals("json")) {
            expression.append("::jsonb");
        }
        for (JsonStep step : field.path()) {
            expression.append(' ').append(operator(step)).append(' ').append(operand(step));
        }
        return expression.append(")").toString();
    }

    private static boolean isSystemColumn(TreeNode node, String column) {
        return node.table().column(column).isEmpty();
    }

    /**
     * A value of type json keeps its text, including duplicate keys, which the engine refuses, and line breaks, which
     * would end a line of a bulk request. Arrays and composites may contain such a text. The conversion to jsonb
     * removes both, and keeps the digits of numbers.
     */
    private static String normalised(ColumnType type, String column) {
        boolean mayHoldJson = type.baseName().equals("json")
                || type.kind() == ColumnType.Kind.ARRAY
                || type.kind() == ColumnType.Kind.COMPOSITE;
        return mayHoldJson ? "to_jsonb(" + column + ")" : column;
    }

    private static String operator(JsonStep step) {
        String operator = step.kind() == JsonStep.Kind.ELEMENT ? "->" : "#>";
        return step.asText() ? operator + ">" : operator;
    }

    private static String operand(JsonStep step) {
        boolean index = step.kind() == JsonStep.Kind.ELEMENT && step.operand().matches("\\d{1,9}");
        return index ? step.operand() : Sql.literal(step.operand());
    }

    /**
     * A key value for {@code _meta}: a JSON scalar whose text {@code KeyText} knows. A value that JSON would nest or
     * convert is written as text.
     */
    static String metaValue(ColumnType type, String column) {
        return SCALARS.contains(type.baseName()) ? column : Sql.text(column);
    }

    /** An object with the given fields, in their order. */
    static String object(Map<String, String> fields) {
        if (fields.isEmpty()) {
            return "json_build_object()";
        }
        int most = MOST_ARGUMENTS / 2;
        List<String> pairs = fields.entrySet().stream()
                .map(field -> Sql.literal(field.getKey()) + ", " + field.getValue())
                .toList();
        if (pairs.size() <= most) {
            return "json_build_object(" + String.join(", ", pairs) + ")";
        }
        // Only jsonb can be concatenated from pieces.
        var pieces = new ArrayList<String>();
        for (int i = 0; i < pairs.size(); i += most) {
            pieces.add(pairs.subList(i, Math.min(i + most, pairs.size())).stream()
                    .collect(Collectors.joining(", ", "jsonb_build_object(", ")")));
        }
        return "(" + String.join(" || ", pieces) + ")";
    }

    /** An array of the given values; numbers keep their text. */
    static String array(List<String> values) {
        if (values.size() <= MOST_ARGUMENTS) {
            return "json_build_array(" + String.join(", ", values) + ")";
        }
        return values.stream()
                .map(value -> "to_json(" + value + ")")
                .collect(Collectors.joining(", ", "json_build_array(VARIADIC ARRAY[", "])"));
    }
}
