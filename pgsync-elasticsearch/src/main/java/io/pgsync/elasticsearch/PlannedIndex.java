package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * An index as it is to be created.
 *
 * @param settings the user's
 * @param rewritten the columns whose numbers may lose digits in it, see {@link io.pgsync.core.mapping.RewrittenNumbers}
 */
public record PlannedIndex(String name, ObjectNode settings, ObjectNode mappings, List<String> rewritten) {
    public PlannedIndex {
        rewritten = List.copyOf(rewritten);
    }
}
