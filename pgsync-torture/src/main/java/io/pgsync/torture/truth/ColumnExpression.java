package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** An entry of a node's columns: a column, or a way into a JSON column. */
record ColumnExpression(String column, List<Step> steps) {
    private static final Pattern OPERATOR = Pattern.compile("->>|#>>|->|#>");

    static ColumnExpression parse(String written) {
        var steps = new ArrayList<Step>();
        var operators = OPERATOR.matcher(written);
        if (!operators.find()) {
            return new ColumnExpression(written, steps);
        }
        var column = written.substring(0, operators.start());
        for (boolean more = true; more; ) {
            var operator = operators.group();
            var start = operators.end();
            more = operators.find();
            steps.add(new Step(operator, written.substring(start, more ? operators.start() : written.length())));
        }
        return new ColumnExpression(column, steps);
    }

    String fieldName() {
        return steps.stream()
                .map(step -> "_" + step.operand().replaceAll("[{}]", ""))
                .collect(Collectors.joining("", column, ""));
    }

    JsonNode of(JsonNode columnValue) {
        var value = columnValue;
        for (var step : steps) {
            value = step.from(value);
        }
        return value;
    }

    record Step(String operator, String operand) {
        JsonNode from(JsonNode value) {
            var found = operator.startsWith("#") ? path(value) : element(value);
            return operator.endsWith(">>") ? asText(found) : found;
        }

        private JsonNode path(JsonNode value) {
            var found = value;
            for (var key : operand.replaceAll("[{}]", "").split(",", -1)) {
                found = found.isArray() ? at(found, key) : orNull(found.get(key));
            }
            return found;
        }

        /** Digits are a place in an array, anything else a key of an object. */
        private JsonNode element(JsonNode value) {
            if (operand.matches("\\d+")) {
                return value.isArray() ? at(value, operand) : NullNode.instance;
            }
            return value.isObject() ? orNull(value.get(operand)) : NullNode.instance;
        }

        private static JsonNode at(JsonNode array, String place) {
            if (!place.matches("-?\\d+")) {
                return NullNode.instance;
            }
            var index = Integer.parseInt(place);
            return orNull(array.get(index < 0 ? array.size() + index : index));
        }

        private static JsonNode orNull(JsonNode value) {
            return value == null ? NullNode.instance : value;
        }

        private static JsonNode asText(JsonNode value) {
            return value.isNull() ? value : new TextNode(value.isTextual() ? value.textValue() : jsonbText(value));
        }

        /** With a space after colons and commas, as PostgreSQL prints jsonb. */
        private static String jsonbText(JsonNode value) {
            if (value.isArray()) {
                return StreamSupport.stream(value.spliterator(), false)
                        .map(Step::jsonbText)
                        .collect(Collectors.joining(", ", "[", "]"));
            }
            if (value.isObject()) {
                return value.properties().stream()
                        .map(entry -> TextNode.valueOf(entry.getKey()) + ": " + jsonbText(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            }
            return value.isNumber() ? value.decimalValue().toPlainString() : value.toString();
        }
    }
}
