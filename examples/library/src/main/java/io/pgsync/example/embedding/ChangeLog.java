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
public final class ChangeLog {
    private final PostgresConnections connections;
    private final StreamSettings stream = new StreamSettings("change_log", "change_log");

    /** {@code connections} stay the caller's to close. */
    public ChangeLog(PostgresConnections connections) {
        this.connections = connections;
    }

    /** Makes publication and slot: from here on no change is lost, whether somebody listens or not. */
    public Mono<Void> prepare(Set<TableName> tables) {
        return new Publications(connections)
                .ensure(stream.publication(), tables)
                .then(new ReplicationSlots(connections).create(stream.slot()))
                .then();
    }

    /** One line for each changed row, in commit order. What was delivered before a crash may come again after it. */
    public Flux<String> lines() {
        return Flux.usingWhen(
                ReplicationStream.open(connections, stream),
                // The stream keeps few bytes in memory: it goes on when those of an event are released.
                source -> source.changes()
                        .concatMap(event -> line(source, event).doFinally(done -> source.release(event.footprint()))),
                ReplicationStream::close);
    }

    private static Mono<String> line(ChangeSource source, ChangeEvent event) {
        if (event instanceof RowChange change) {
            return Mono.just(
                    change.getClass().getSimpleName() + " " + change.relation().name());
        }
        // All lines of the transaction are out: the server need not send it again.
        return event instanceof ChangeEvent.Commit commit
                ? source.acknowledge(commit.endLsn()).then(Mono.empty())
                : Mono.empty();
    }

    /** Takes the preparation back: a slot that nobody reads fills the server's disk. */
    public Mono<Void> remove() {
        return new ReplicationSlots(connections)
                .drop(stream.slot())
                .then(new Publications(connections).drop(stream.publication()));
    }
}
