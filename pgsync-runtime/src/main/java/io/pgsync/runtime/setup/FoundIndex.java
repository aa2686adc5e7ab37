package io.pgsync.runtime.setup;

import io.pgsync.core.tree.DocumentTree;
import java.util.Map;
import java.util.Optional;

/**
 * An index as it was found or made.
 *
 * @param histories of its shards
 * @param unseen why some of its documents may not be found by their keys
 */
record FoundIndex(
        DocumentTree tree, String uuid, Map<String, String> histories, boolean existed, Optional<String> unseen) {
    String name() {
        return tree.index();
    }
}
