package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.NodeDefinition;
import io.pgsync.core.tree.Field.JsonStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes fields from the entries of {@code columns}. */
record FieldParser(TableFinder finder) {
    private static final Pattern OPERATOR = Pattern.compile("->>|->|#>>|#>");
    /** Not part of "all columns", even if a view has columns of these names. */
    private static final Set<String> SYSTEM_NAMES = Set.of("xmin", "ctid", "oid");

    private static final Set<String> JSON_TYPES = Set.of("json", "jsonb");

    /** If two fields have the same name, the later one replaces the earlier one in its place. */
    Collection<Field> fields(NodeDefinition node, TableDefinition table) {
        Map<String, Field> fields = new LinkedHashMap<>();
        if (node.columns().isEmpty()) {
            table.columns().stream()
                    .map(ColumnDefinition::name)
                    .filter(name -> !SYSTEM_NAMES.contains(name))
                    .forEach(name -> fields.put(name, new Field(name, name, List.of())));
        }
        for (int i = 0; i < node.columns().size(); i++) {
            field(node.pointer() + "/columns/" + i, node.columns().get(i), table)
                    .ifPresent(field -> fields.put(field.name(), field));
        }
        return fields.values();
    }

    private Optional<Field> field(String pointer, String expression, TableDefinition table) {
        String column = OPERATOR.split(expression, 2)[0];
        if (!finder.hasColumns(pointer, table, List.of(column))) {
            return Optional.empty();
        }
        List<JsonStep> path = path(expression);
        Optional<String> mistake = mistake(path, column, table);
        mistake.ifPresent(message -> finder.problems().add(pointer, "\"%s\": %s".formatted(expression, message)));
        return mistake.isPresent() ? Optional.empty() : Optional.of(new Field(name(column, path), column, path));
    }

    private static List<JsonStep> path(String expression) {
        var steps = new ArrayList<JsonStep>();
        Matcher operator = OPERATOR.matcher(expression);
        boolean more = operator.find();
        while (more) {
            String symbol = operator.group();
            int start = operator.end();
            more = operator.find();
            String operand = expression.substring(start, more ? operator.start() : expression.length());
            var kind = symbol.startsWith("#") ? JsonStep.Kind.PATH : JsonStep.Kind.ELEMENT;
            steps.add(new JsonStep(kind, operand, symbol.endsWith(">>")));
        }
        return steps;
    }

    private static Optional<String> mistake(List<JsonStep> path, String column, TableDefinition table) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        ColumnType type = table.column(column).orElseThrow().type();
        if (!JSON_TYPES.contains(type.baseName())) {
            return Optional.of(
                    "\"%s\" is of type %s, only json and jsonb have parts".formatted(column, type.sqlName()));
        }
        if (path.stream().anyMatch(step -> step.operand().isEmpty())) {
            return Optional.of("an operator must be followed by a key");
        }
        if (path.stream()
                .anyMatch(step ->
                        step.kind() == JsonStep.Kind.PATH && !step.operand().matches("\\{.*}"))) {
            return Optional.of("#> and #>> must be followed by a path in braces, {a,b}");
        }
        if (path.subList(0, path.size() - 1).stream().anyMatch(JsonStep::asText)) {
            return Optional.of("->> and #>> give a text, which has no parts; use them last");
        }
        return Optional.empty();
    }

    private static String name(String column, List<JsonStep> path) {
        return column
                + path.stream()
                        .map(step -> "_" + step.operand().replaceAll("[{}]", ""))
                        .collect(Collectors.joining());
    }
}
