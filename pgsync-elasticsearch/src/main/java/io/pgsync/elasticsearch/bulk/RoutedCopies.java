package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.document.DocumentChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps one copy of each document in a routed index, without asking where the old copy is: ids are unique, and versions
 * are compared, only within a shard. A delete goes to every shard. A document goes to its own shard. After it is stored
 * there, a tombstone goes to every shard, one version below the document's, so that the document's own shard refuses
 * it. So a document always exists somewhere, and a refused one leaves the old copy in its place.
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

    /** The items that remove copies of {@code change} on other shards; must be sent after it is stored. */
    Stream<BulkItem> removals(DocumentChange change, long version) {
        return change instanceof DocumentChange.Delete || shards.size() == 1
                ? Stream.empty()
                : shards.stream().map(shard -> encoder.tombstone(change, version - 1, shard));
    }
}
