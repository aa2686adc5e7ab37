package io.pgsync.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Python's view of a JSON value: its truth, and its text by {@code str}. Documents of PGSync contain such texts. */
final class PythonText {
    private PythonText() {}

    /** False for null, false, zero, and everything empty. */
    static boolean isTrue(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.decimalValue().signum() != 0;
            case STRING -> !value.textValue().isEmpty();
            case ARRAY, OBJECT -> !value.isEmpty();
            default -> false;
        };
    }

    static String of(JsonNode value) {
        return value.isTextual() ? value.textValue() : represented(value);
    }

    private static String represented(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue() ? "True" : "False";
            case NUMBER -> value.isIntegralNumber() ? value.asText() : number(value.decimalValue());
            case STRING -> quoted(value.textValue());
            case ARRAY ->
                StreamSupport.stream(value.spliterator(), false)
                        .map(PythonText::represented)
                        .collect(Collectors.joining(", ", "[", "]"));
            case OBJECT ->
                value.properties().stream()
                        .map(field -> quoted(field.getKey()) + ": " + represented(field.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> "None";
        };
    }

    /** The text of a double, except for a number that no double can hold: that one keeps its digits. */
    private static String number(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        boolean isDouble = Double.isFinite(number.doubleValue())
                && new BigDecimal(Double.toString(number.doubleValue())).compareTo(number) == 0;
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (!isDouble || shortest.signum() == 0 || (exponent >= -4 && exponent < 16)) {
            String plain = shortest.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = shortest.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return "%s%s%se%s%02d"
                .formatted(
                        shortest.signum() < 0 ? "-" : "",
                        digits.charAt(0),
                        fraction,
                        exponent < 0 ? "-" : "+",
                        Math.abs(exponent));
    }

    private static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        var quoted = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c == quote) {
                        quoted.append('\\').append(quote);
                    } else if (c < ' ' || c == 0x7f) {
                        quoted.append("\\x%02x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append(quote).toString();
    }
}
