package io.pgsync.elasticsearch;

import io.pgsync.core.document.DocumentChange;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a routed index at one copy of each document, without asking where the old copy is: an id is unique, and its version is guarded,
 * per shard only. So a document is written to its shard and a tombstone to every shard, and a delete goes to every shard.
 * <p>
 * Versions are doubled: of one read, the document (odd) wins over the tombstone (even) in whatever order the two arrive.
 */
final class RoutedCopies {
    private final BulkEncoder encoder;
    /** One routing value for each shard. */
    private final List<String> shards;

    RoutedCopies(BulkEncoder encoder, List<String> shards) {
        this.encoder = encoder;
        this.shards = List.copyOf(shards);
    }

    List<BulkItem> items(DocumentChange change, long version) {
        List<BulkItem> items = new ArrayList<>(shards.size() + 1);
        if (change instanceof DocumentChange.Delete delete) {
            items.add(encoder.delete(delete, 2 * version, shards.get(0)));
            shards.stream().skip(1).forEach(shard -> items.add(encoder.tombstone(change, 2 * version, shard)));
            return items;
        }
        if (shards.size() > 1) {
            shards.forEach(shard -> items.add(encoder.tombstone(change, 2 * version, shard)));
        }
        items.add(encoder.item(change, 2 * version + 1));
        return items;
    }
}
