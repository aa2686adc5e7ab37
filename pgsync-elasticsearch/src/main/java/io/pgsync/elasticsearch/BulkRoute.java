package io.pgsync.elasticsearch;

import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Mono;

/** The way of one index's items into the engine: where they are sent, how much at once, how long to wait when it fails. */
final class BulkRoute {
    private static final Backoff BUSY = backoff(Duration.ofSeconds(30));
    /** Short, so that work goes on within seconds of the engine's return; asking a dead port costs next to nothing. */
    private static final Backoff AWAY = backoff(Duration.ofSeconds(3));

    private final ElasticsearchConnection connection;
    private final BulkEndpoint endpoint;
    private final AdaptiveBatch limits;
    private final Destination destination;

    BulkRoute(
            ElasticsearchConnection connection, BulkEndpoint endpoint, AdaptiveBatch limits, Destination destination) {
        this.connection = connection;
        this.endpoint = endpoint;
        this.limits = limits;
        this.destination = destination;
    }

    private static Backoff backoff(Duration longest) {
        return new Backoff(
                Duration.ofMillis(200),
                longest,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    String index() {
        return destination.index();
    }

    AdaptiveBatch limits() {
        return limits;
    }

    Mono<Answer> send(List<BulkItem> items) {
        return endpoint.send(destination.alias(), items);
    }

    Mono<Void> pauseBusy(int failures) {
        return Mono.delay(BUSY.after(failures), connection.scheduler()).then();
    }

    Mono<Void> pauseAway(int failures) {
        return Mono.delay(AWAY.after(failures), connection.scheduler()).then();
    }

    /** Our alias does not lead anywhere: always an error, which says whether a newer writer or somebody's delete did it. */
    Mono<Void> gone() {
        return ConcreteIndex.find(connection, index())
                .switchIfEmpty(Mono.error(() -> Generations.missing(index())))
                .then(new Generations(connection).newest(index()))
                .flatMap(newest -> Mono.error(
                        newest.orElse(-1) > destination.generation()
                                ? new StateConflictException(index())
                                : replaced()));
    }

    private SyncException replaced() {
        return new SyncException(
                Remedy.REPAIR,
                "Index \"" + index() + "\" was deleted and created anew, or the alias " + destination.alias()
                        + " was taken from it: documents may be missing. Run pgsync backfill --document " + index()
                        + ".");
    }

    SyncException denied(Answer answer) {
        return connection.failures().of("write to index \"" + index() + "\"", answer);
    }

    SyncException denied(BulkAnswer.Item item) {
        return connection
                .failures()
                .of("write to index \"" + index() + "\"", new EngineError(item.status(), item.type(), item.reason()));
    }
}
