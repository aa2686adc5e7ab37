package io.pgsync.elasticsearch;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The way of one index's items into the engine: where they are sent, how much at once, how long to wait when it fails. */
final class BulkRoute {
    private static final Logger log = LoggerFactory.getLogger(BulkRoute.class);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(30);

    private final ElasticsearchConnection connection;
    private final BulkEndpoint endpoint;
    private final AdaptiveBatch limits;
    private final Pauses pauses;
    private final Destination destination;
    private final AtomicLong lastReport = new AtomicLong(System.nanoTime() - REPORT_INTERVAL.toNanos());

    BulkRoute(
            ElasticsearchConnection connection,
            BulkEndpoint endpoint,
            AdaptiveBatch limits,
            Pauses pauses,
            Destination destination) {
        this.connection = connection;
        this.endpoint = endpoint;
        this.limits = limits;
        this.pauses = pauses;
        this.destination = destination;
    }

    /**
     * How long failed items wait.
     *
     * @param busy while the engine has too much to do
     * @param away while it does not answer; short, so that work goes on within seconds of its return: asking a dead port costs next to
     *     nothing
     */
    record Pauses(Backoff busy, Backoff away) {
        static final Pauses DEFAULT = upTo(Duration.ofSeconds(30), Duration.ofSeconds(3));

        private static Pauses upTo(Duration busy, Duration away) {
            DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
            Duration first = Duration.ofMillis(200);
            return new Pauses(new Backoff(first, busy, random), new Backoff(first, away, random));
        }
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
        return Mono.delay(pauses.busy().after(failures), connection.scheduler()).then();
    }

    Mono<Void> pauseAway(int failures) {
        return Mono.delay(pauses.away().after(failures), connection.scheduler()).then();
    }

    /** Warns at most once in a while, however many requests have the same trouble. */
    void reportDelay(int failures, String reason) {
        long now = System.nanoTime();
        long before = lastReport.get();
        if (now - before >= REPORT_INTERVAL.toNanos() && lastReport.compareAndSet(before, now)) {
            log.warn("Index {} does not take changes for now; tried {} times: {}", index(), failures, reason);
        }
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

    private GapException replaced() {
        return new GapException(
                Kind.INDEX_REPLACED,
                index(),
                "it was deleted and created anew, or the alias " + destination.alias()
                        + " was taken from it, so documents may be missing.");
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
