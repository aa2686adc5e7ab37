package io.pgsync.torture.truth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One text for all values that count as equal: fields, and elements unless their order counts, sorted; numbers without trailing zeros. */
final class CanonicalJson {
    private CanonicalJson() {}

    static String of(JsonNode value, boolean orderCounts) {
        if (value.isObject()) {
            return value.properties().stream()
                    .map(field -> TextNode.valueOf(field.getKey()) + ":" + of(field.getValue(), orderCounts))
                    .sorted()
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value.isArray()) {
            var elements = StreamSupport.stream(value.spliterator(), false).map(element -> of(element, orderCounts));
            return (orderCounts ? elements : elements.sorted()).collect(Collectors.joining(",", "[", "]"));
        }
        return value.isNumber() ? value.decimalValue().stripTrailingZeros().toString() : value.toString();
    }
}
