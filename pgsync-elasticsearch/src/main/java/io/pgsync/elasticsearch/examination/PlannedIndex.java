package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.mapping.KeyColumn;
import java.util.List;

/**
 * An index as it is to be created.
 *
 * @param settings the user's
 * @param keys what its documents are found by
 * @param rewritten the columns whose numbers may lose digits in it, see {@link io.pgsync.core.mapping.RewrittenNumbers}
 */
public record PlannedIndex(
        String name, ObjectNode settings, ObjectNode mappings, List<KeyColumn> keys, List<String> rewritten) {
    public PlannedIndex {
        keys = List.copyOf(keys);
        rewritten = List.copyOf(rewritten);
    }
}
