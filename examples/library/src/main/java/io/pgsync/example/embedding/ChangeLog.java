package io.pgsync.example.embedding;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.RowChange;
import io.pgsync.core.change.TableName;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.slot.Publications;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.stream.ReplicationStream;
import io.pgsync.replication.stream.StreamSettings;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The committed changes of some tables, without Elasticsearch. */
public record ChangeLog(PostgresConnections connections, StreamSettings stream) {
    /** Makes publication and slot: from here on no change is lost, whether somebody listens or not. */
    public Mono<Void> prepare(Set<TableName> tables) {
        Mono<?> publication = new Publications(connections).ensure(stream.publication(), tables);
        Mono<?> slot = new ReplicationSlots(connections).create(stream.slot());
        return publication.then(slot).then();
    }

    /** One line for each changed row, in commit order. What was delivered before a crash may come again after it. */
    public Flux<String> lines() {
        return Flux.usingWhen(
                ReplicationStream.open(connections, stream),
                source -> source.changes().concatMap(event -> line(source, event)),
                ReplicationStream::close);
    }

    private static Mono<String> line(ChangeSource source, ChangeEvent event) {
        source.release(event.footprint()); // it keeps few bytes in memory, and reads on when they are released
        if (event instanceof ChangeEvent.Commit commit) {
            return source.acknowledge(commit.endLsn()).then(Mono.empty()); // it need not come again
        }
        Mono<RowChange> row = Mono.just(event).ofType(RowChange.class);
        return row.map(change ->
                change.getClass().getSimpleName() + " " + change.relation().name());
    }
}
