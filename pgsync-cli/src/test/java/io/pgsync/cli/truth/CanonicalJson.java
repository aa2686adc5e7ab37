package io.pgsync.cli.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One text for all values that count as equal: fields and elements sorted, numbers without trailing zeros. */
final class CanonicalJson {
    private CanonicalJson() {}

    static String of(JsonNode value) {
        if (value.isObject()) {
            return value.properties().stream()
                    .map(field -> TextNode.valueOf(field.getKey()) + ":" + of(field.getValue()))
                    .sorted()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(CanonicalJson::of)
                    .sorted()
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return value.isNumber() ? value.decimalValue().stripTrailingZeros().toString() : value.toString();
    }
}
