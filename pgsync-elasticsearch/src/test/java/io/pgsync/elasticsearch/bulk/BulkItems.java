package io.pgsync.elasticsearch.bulk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;

/** The engine's answer to a bulk request, item by item. */
final class BulkItems {
    private BulkItems() {}

    /** Each item: its action and its status; after a failure its type, and a reason of any words. */
    static String items(String... items) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("errors", Stream.of(items).anyMatch(item -> item.split(" ").length > 2));
        for (String item : items) {
            answer.withArrayProperty("items").add(item(item.split(" ", 4)));
        }
        return answer.toString();
    }

    private static ObjectNode item(String... words) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        ObjectNode outcome = item.putObject(words[0]).put("status", Integer.parseInt(words[1]));
        if (words.length > 2) {
            outcome.putObject("error").put("type", words[2]);
        }
        if (words.length > 3) {
            outcome.withObjectProperty("error").put("reason", words[3]);
        }
        return item;
    }
}
