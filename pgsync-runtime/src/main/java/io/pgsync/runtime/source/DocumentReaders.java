package io.pgsync.runtime.source;

import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.Plugins;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.query.PostgresDocumentReader;
import io.pgsync.replication.replica.Replica;
import io.pgsync.replication.replica.ReplicaDocumentReader;
import io.pgsync.replication.replica.Replicas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Readers that make the documents of a database as they are to be stored.
 *
 * @param maxBytes a larger document is refused
 * @param standbys connections to the standbys of a database from which documents are read
 */
public record DocumentReaders(
        Plugins plugins, long maxBytes, Function<Database, List<PostgresConnections>> standbys, Scheduler timer) {
    /** How long a read waits for a standby that is behind, before it goes to the primary. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Reads from the primary. */
    public PostgresDocumentReader ofPrimary(Database database) {
        return of(database, database.connections());
    }

    /** For the stream: reads from standbys where there are any, what the stream requires. {@code tally} counts what is read. */
    public DocumentReader forStream(Database database, ReadTally tally) {
        DocumentReader primary = tally.ofPrimary(ofPrimary(database));
        return replicas(database, tally::ofReplica)
                .map(replicas -> ReplicaDocumentReader.following(primary, replicas, database.connections()))
                .orElse(primary);
    }

    /** For comparisons: the same, and each read shows everything that was committed before it. */
    public DocumentReader ofThePresent(Database database) {
        return replicas(database)
                .map(replicas ->
                        ReplicaDocumentReader.ofThePresent(ofPrimary(database), replicas, database.connections()))
                .orElseGet(() -> ofPrimary(database));
    }

    /** The standbys of a database; empty if none is named. */
    public Optional<Replicas> replicas(Database database) {
        return replicas(database, UnaryOperator.identity());
    }

    private Optional<Replicas> replicas(Database database, UnaryOperator<DocumentReader> counted) {
        List<Replica> found = standbys.apply(database).stream()
                .map(standby -> Replica.of(standby, counted.apply(of(database, standby))))
                .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(new Replicas(found, PATIENCE, timer));
    }

    /** The estimated number of documents of each index of a database. */
    public Mono<Map<String, Long>> expected(Database database) {
        PostgresDocumentReader documents = ofPrimary(database);
        return Flux.fromIterable(database.trees())
                .flatMap(tree -> documents.estimatedRoots(tree).map(count -> Map.entry(tree.index(), count)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private PostgresDocumentReader of(Database database, PostgresConnections server) {
        return new PostgresDocumentReader(server, database.trees(), plugins, maxBytes);
    }
}
