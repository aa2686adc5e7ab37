package io.pgsync.runtime.source;

import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.runtime.config.PgsyncConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The connections of one run to PostgreSQL: for each database one pool, whoever asks for it, and others for walks and leases. */
final class SourceConnections {
    private static final Logger log = LoggerFactory.getLogger(SourceConnections.class);
    /** For the fence, the heartbeat and the ends of chunks, besides the reads of documents. */
    private static final int OTHERS = 4;

    private static final int WALKS = 6;
    /** For the looks how far a replica is. */
    private static final int LOOKS = 1;

    private final Function<String, PostgresConnections> pools;
    private final Function<String, List<PostgresConnections>> replicaPools;
    private final Map<String, PostgresConnections> databases = new ConcurrentHashMap<>();
    private final Map<String, List<PostgresConnections>> replicas = new ConcurrentHashMap<>();
    private final List<PostgresConnections> beside = new CopyOnWriteArrayList<>();

    /** {@code pools}: a new pool for a database of this name; {@code replicaPools}: one for each of its replicas. */
    SourceConnections(
            Function<String, PostgresConnections> pools, Function<String, List<PostgresConnections>> replicaPools) {
        this.pools = pools;
        this.replicaPools = replicaPools;
    }

    /** Nothing is connected before the first statement. */
    static SourceConnections of(PgsyncConfig config) {
        PipelineSettings pipeline = config.bounds().pipeline();
        int reads = pipeline.batch().inFlight() + pipeline.backfill().readers();
        int audits = config.audit().isOff() ? 0 : 1;
        return new SourceConnections(
                database ->
                        PostgresConnections.to(config.servers().postgres().apply(database), reads + OTHERS + audits),
                database -> config.servers().replicas().apply(database).stream()
                        .map(replica -> PostgresConnections.to(replica, reads + LOOKS + audits))
                        .toList());
    }

    /** A pool for each replica of a database, whoever asks for them. */
    List<PostgresConnections> toReplicas(String database) {
        return replicas.computeIfAbsent(database, replicaPools);
    }

    PostgresConnections to(String database) {
        return databases.computeIfAbsent(database, pools);
    }

    PostgresConnections forWalks(PostgresConnections source) {
        return beside(source, WALKS);
    }

    PostgresConnections forLease(PostgresConnections source) {
        return beside(source, 1);
    }

    private PostgresConnections beside(PostgresConnections source, int connections) {
        PostgresConnections pool = source.another(connections);
        beside.add(pool);
        return pool;
    }

    /** Never fails: the failure of the run is what counts, not a connection that did not close. */
    Mono<Void> close() {
        return Flux.concat(
                        Flux.fromIterable(databases.values()),
                        Flux.fromIterable(replicas.values()).flatMapIterable(each -> each),
                        Flux.fromIterable(beside))
                .concatMap(pool -> pool.close().onErrorResume(SourceConnections::notClosed))
                .then();
    }

    private static Mono<Void> notClosed(Throwable failure) {
        log.debug("Not closed: {}", failure.getMessage());
        return Mono.empty();
    }
}
