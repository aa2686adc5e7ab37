package io.pgsync.example.embedding;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.transport.rest5_client.Rest5ClientTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Feeds an index over the client with which the application searches it, and counts what becomes of the documents. */
public final class SharedClient implements AutoCloseable {
    private final ElasticsearchConnection engine;
    private final MeterRegistry meters;
    private final AtomicLong version = new AtomicLong(System.currentTimeMillis());

    public SharedClient(ElasticsearchClient client, MeterRegistry meters) {
        var rest = ((Rest5ClientTransport) client._transport()).restClient();
        this.engine = ElasticsearchConnection.over(rest, Schedulers.boundedElastic());
        this.meters = meters;
    }

    /** One outcome for each batch. Reads no further than two batches ahead of what the engine has taken. */
    public Flux<WriteOutcome> store(String index, long generation, Flux<DocumentChange> changes) {
        return new ElasticsearchOwnership(engine, BulkSettings.DEFAULT)
                .takeOver(index, generation)
                .flatMapMany(sink -> changes.buffer(500)
                        .map(batch -> new WriteBatch(index, version.incrementAndGet(), latest(batch)))
                        .flatMap(sink::write, 2))
                .doOnNext(this::count);
    }

    /** Of two changes with one version, the engine would keep that which arrives last. */
    private static List<DocumentChange> latest(List<DocumentChange> batch) {
        var latest = new LinkedHashMap<String, DocumentChange>();
        batch.forEach(change -> latest.put(change.id(), change));
        return List.copyOf(latest.values());
    }

    private void count(WriteOutcome outcome) {
        meters.counter("documents", "outcome", "stored").increment(outcome.stored());
        meters.counter("documents", "outcome", "superseded").increment(outcome.superseded());
        meters.counter("documents", "outcome", "refused")
                .increment(outcome.refused().size());
    }

    /** The client of the application stays open. */
    @Override
    public void close() {
        engine.close();
    }
}
