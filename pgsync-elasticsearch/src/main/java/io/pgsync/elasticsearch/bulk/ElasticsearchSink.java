package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Stores the documents of one index with raw bulk requests, as one generation of writer. Created by
 * {@link ElasticsearchOwnership}.
 */
final class ElasticsearchSink implements DocumentSink {
    private static final int LONGEST_ID = 512;
    /** The one duration for which Reactor plans no end. */
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private final BulkRoute route;
    private final BulkEncoder encoder;
    /** Empty unless the index is routed. */
    private final Mono<List<String>> shards;

    ElasticsearchSink(BulkRoute route, Destination destination, ShardRoutings routings) {
        this.route = route;
        this.encoder = new BulkEncoder(destination.pipeline());
        this.shards = destination.routed()
                ? routings.of(destination.index()).cache(found -> FOREVER, error -> Duration.ZERO, () -> Duration.ZERO)
                : Mono.just(List.of());
    }

    @Override
    public Mono<WriteOutcome> write(WriteBatch batch) {
        return shards.flatMap(found -> found.isEmpty() ? writePlain(batch) : writeRouted(batch, found));
    }

    private Mono<WriteOutcome> writePlain(WriteBatch batch) {
        return Mono.defer(() ->
                deliver(batch, new Tally(), change -> List.of(encoder.item(change, batch.versionOf(change)))));
    }

    private Mono<WriteOutcome> writeRouted(WriteBatch batch, List<String> found) {
        var copies = new RoutedCopies(encoder, found);
        return Mono.defer(() -> {
            var tally = new Tally();
            return deliver(batch, tally, change -> copies.items(change, batch.versionOf(change)))
                    .then(Mono.defer(() -> removeCopies(batch, tally, copies)));
        });
    }

    private Mono<WriteOutcome> removeCopies(WriteBatch batch, Tally tally, RoutedCopies copies) {
        List<BulkItem> removals = batch.changes().stream()
                .filter(change -> !tally.isRefused(change))
                .flatMap(change -> copies.removals(change, batch.versionOf(change)))
                .toList();
        return new Delivery(route, removals, tally).run();
    }

    private Mono<WriteOutcome> deliver(
            WriteBatch batch, Tally tally, Function<DocumentChange, List<BulkItem>> encoding) {
        route.sends(batch.versions().greatest());
        List<BulkItem> items = new ArrayList<>(batch.changes().size());
        for (DocumentChange change : batch.changes()) {
            if (isFit(change.id())) {
                items.addAll(encoding.apply(change));
            } else {
                tally.refused(unfit(change));
            }
        }
        return new Delivery(route, items, tally).run();
    }

    /** A character has at most three bytes, or two of them have four. */
    private static boolean isFit(String id) {
        return !id.isEmpty() && (id.length() * 3 <= LONGEST_ID || bytes(id) <= LONGEST_ID);
    }

    private static int bytes(String id) {
        return id.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Because of such an id the engine would refuse the whole request. */
    private static Refused unfit(DocumentChange change) {
        return new Refused(
                change,
                400,
                "invalid_id",
                "The id has " + bytes(change.id()) + " bytes; the engine allows 1 to " + LONGEST_ID);
    }
}
