package io.pgsync.torture.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pgsync.torture.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The versions of documents as they were seen last: none may ever be less than it was. */
final class Versions {
    private final Map<String, Long> seen = new HashMap<>();

    /** Takes the versions out of a search's answer and names the documents that went back. */
    List<String> observe(String answer) throws JsonProcessingException {
        var wentBack = new ArrayList<String>();
        for (var hit : Node.JSON.readTree(answer).path("hits").path("hits")) {
            // A document has another one in each index.
            var id = hit.path("_index").asText() + "/" + hit.path("_id").asText();
            var version = hit.path("_version").asLong();
            var before = seen.put(id, version);
            if (before != null && version < before) {
                wentBack.add("%s: version %d after %d".formatted(id, version, before));
            }
        }
        return wentBack;
    }
}
