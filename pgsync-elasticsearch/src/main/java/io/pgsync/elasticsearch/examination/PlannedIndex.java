package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.mapping.KeyColumn;
import java.util.List;

/**
 * An index to be created.
 *
 * @param settings the settings of the user
 * @param keys the columns by which its documents are found
 * @param rewritten the columns whose numbers may lose digits in the index, see
 *     {@link io.pgsync.core.mapping.RewrittenNumbers}
 */
public record PlannedIndex(
        String name, ObjectNode settings, ObjectNode mappings, List<KeyColumn> keys, List<String> rewritten) {
    public PlannedIndex {
        keys = List.copyOf(keys);
        rewritten = List.copyOf(rewritten);
    }
}
