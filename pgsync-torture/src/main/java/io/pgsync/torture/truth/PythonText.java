package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Values as Python's {@code str()} shows them: ids and {@code concat} of PGSync are made of these texts. */
final class PythonText {
    private PythonText() {}

    /** A key's value, from the text that PostgreSQL gives for it (time zone UTC, ISO dates). */
    static String ofColumn(String type, String text) {
        return switch (type) {
            case "bool" -> text.equals("t") ? "True" : "False";
            case "timestamptz" -> microseconds(text.replaceFirst("([+-]\\d\\d)$", "$1:00"));
            case "timestamp" -> microseconds(text);
            case "bytea" -> "b'" + text.substring(2).replaceAll("..", "\\\\x$0") + "'";
            default -> text;
        };
    }

    /** Python shows no fraction of a second, or six digits. */
    private static String microseconds(String timestamp) {
        var dot = timestamp.indexOf('.');
        if (dot < 0) {
            return timestamp;
        }
        var end = dot + 1;
        while (end < timestamp.length() && Character.isDigit(timestamp.charAt(end))) {
            end++;
        }
        return timestamp.substring(0, end) + "0".repeat(dot + 7 - end) + timestamp.substring(end);
    }

    /** Python leaves out null, false, zero and everything empty where it asks for a truth value. */
    static boolean isFalsy(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue().signum() == 0;
        }
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isBoolean() && !value.booleanValue())
                || (value.isTextual() && value.textValue().isEmpty());
    }

    static String of(JsonNode value) {
        if (value.isNull()) {
            return "None";
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        if (value.isTextual()) {
            return value.textValue();
        }
        return value.isNumber() ? ofNumber(value.decimalValue()) : ofContainer(value);
    }

    private static String ofNumber(BigDecimal number) {
        if (number.scale() <= 0) {
            return number.toPlainString();
        }
        var stripped = number.stripTrailingZeros();
        return (stripped.scale() < 1 ? stripped.setScale(1) : stripped).toPlainString();
    }

    private static String ofContainer(JsonNode container) {
        if (container.isArray()) {
            return StreamSupport.stream(container.spliterator(), false)
                    .map(PythonText::representation)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return container.properties().stream()
                .map(entry -> "'" + entry.getKey() + "': " + representation(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String representation(JsonNode value) {
        return value.isTextual() ? "'" + value.textValue() + "'" : of(value);
    }
}
