package io.pgsync.example.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;

/** Documents from anywhere into an index that exists, without PostgreSQL. A feed of a greater generation shuts this one out. */
public record DocumentFeed(ElasticsearchConnection connection, String index, long generation) {
    /** Stores as much as is asked for, the later change of a document above the earlier one, and gives what the engine refused. */
    public Flux<Refused> store(Flux<DocumentChange> changes) {
        var version = new AtomicLong(System.currentTimeMillis());
        return new ElasticsearchOwnership(connection, BulkSettings.DEFAULT)
                .takeOver(index, generation)
                .flatMapMany(sink -> changes.buffer(500)
                        .map(batch -> new WriteBatch(index, version.incrementAndGet(), latest(batch)))
                        .flatMap(sink::write, 2)
                        .flatMapIterable(WriteOutcome::refused));
    }

    /** Of two changes with one version, the engine would keep that which arrives last. */
    private static List<DocumentChange> latest(List<DocumentChange> batch) {
        var latest = new LinkedHashMap<String, DocumentChange>();
        batch.forEach(change -> latest.put(change.id(), change));
        return List.copyOf(latest.values());
    }

    /** The whole document, which replaces the one that has this id. */
    public DocumentChange document(String id, String json) {
        return new DocumentChange.Upsert(new RootKey(index, List.of(id)), id, Optional.empty(), json.getBytes(UTF_8));
    }
}
