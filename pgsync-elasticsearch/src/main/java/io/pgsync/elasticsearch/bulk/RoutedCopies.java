package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.document.DocumentChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps a routed index at one copy of each document, without asking where the old copy is: an id is unique, and its version is guarded,
 * per shard only. A delete goes to every shard. A document goes to its own shard, and when it is stored there, a tombstone goes to every
 * shard: one version below the document's, so that its own shard refuses it. So a document is always there, and one that is refused leaves
 * the old copy where it is.
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
        if (!(change instanceof DocumentChange.Delete delete)) {
            return List.of(encoder.item(change, version));
        }
        List<BulkItem> items = new ArrayList<>(shards.size());
        items.add(encoder.delete(delete, version, shards.get(0)));
        shards.stream().skip(1).forEach(shard -> items.add(encoder.tombstone(change, version, shard)));
        return items;
    }

    /** What removes the copies that {@code change} may have on other shards; to be sent when it is stored. */
    Stream<BulkItem> removals(DocumentChange change, long version) {
        return change instanceof DocumentChange.Delete || shards.size() == 1
                ? Stream.empty()
                : shards.stream().map(shard -> encoder.tombstone(change, version - 1, shard));
    }
}
