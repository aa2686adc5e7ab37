package io.pgsync.elasticsearch.bulk;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.EngineError;
import io.pgsync.elasticsearch.index.Generations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * How the items of one index reach the engine: through which alias, how many at once, and how long to wait after a
 * failure.
 */
final class BulkRoute {
    private static final Logger log = LoggerFactory.getLogger(BulkRoute.class);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(30);

    private final ElasticsearchConnection connection;
    private final BulkEndpoint endpoint;
    private final AdaptiveBatch limits;
    private final Pauses pauses;
    private final Destination destination;
    private final WriterAlias alias;
    private final AtomicLong newest = new AtomicLong();
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
        this.alias = new WriterAlias(new Generations(connection), destination);
    }

    /**
     * How long failed items wait.
     *
     * @param busy while the engine has too much to do
     * @param away while it does not answer; short, so that work continues within seconds after its return: asking a
     *     dead port costs almost nothing
     */
    record Pauses(Backoff busy, Backoff away) {
        static final Pauses DEFAULT = upTo(Duration.ofSeconds(30), Duration.ofSeconds(3));

        private static Pauses upTo(Duration busy, Duration away) {
            DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
            Duration first = Duration.ofMillis(200);
            return new Pauses(new Backoff(first, busy, random), new Backoff(first, away, random));
        }
    }

    /** The engine's answer to a request, and the alias of the request. */
    record Sent(Answer answer, String through) {}

    String index() {
        return destination.index();
    }

    AdaptiveBatch limits() {
        return limits;
    }

    WriterAlias alias() {
        return alias;
    }

    /**
     * Sends the items after everything that was sent before without an answer is fenced off. Fails if that is not
     * possible, or if there is no answer.
     */
    Mono<Sent> send(List<BulkItem> items) {
        return alias.current().flatMap(through -> {
            long before = connection.repeats();
            return endpoint.send(through, items)
                    .doOnError(error -> !(error instanceof CallNotPermittedException), error -> alias.doubt(through))
                    .doOnNext(answer -> {
                        if (connection.repeats() != before || leavesDoubt(answer)) {
                            alias.doubt(through);
                        }
                    })
                    .map(answer -> new Sent(answer, through));
        });
    }

    /** Elasticsearch 9 may have applied a part of a request that it refuses with 400. */
    private static boolean leavesDoubt(Answer answer) {
        return answer.status() == 400 || (answer.isPassing() && answer.status() != 429);
    }

    /** Must be called before anything of that version is sent; or if earlier generations may have sent it. */
    void sends(long version) {
        newest.accumulateAndGet(version, Math::max);
    }

    /**
     * The newest version that this writer has sent, or that somebody's hand has made of it since: the next read outdoes
     * both. A newer one in the index belongs to somebody else.
     */
    long newestSent() {
        return ReadVersions.withRoom(newest.get());
    }

    GapException superseded(BulkItem item, long version) {
        return new GapException(
                Kind.SUPERSEDED,
                index(),
                "document \"" + item.change().id() + "\" has version " + version
                        + ", which is newer than all that was read from the source: the index was cloned, restored or reindexed from"
                        + " another one, or somebody else writes it. Documents may be out of date.");
    }

    /** Completes when no request that was sent without an answer is under way. */
    Mono<Void> settled() {
        return alias.current()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, pauses.away().first())
                        .maxBackoff(pauses.away().longest())
                        .scheduler(connection.scheduler())
                        .filter(Remedy::passes))
                .then();
    }

    Mono<Void> pauseBusy(int failures) {
        return Mono.delay(pauses.busy().after(failures), connection.scheduler()).then();
    }

    Mono<Void> pauseAway(int failures) {
        return Mono.delay(pauses.away().after(failures), connection.scheduler()).then();
    }

    /** Warns at most once per interval, however many requests have the same problem. */
    void reportDelay(int failures, String reason) {
        long now = System.nanoTime();
        long before = lastReport.get();
        if (now - before >= REPORT_INTERVAL.toNanos() && lastReport.compareAndSet(before, now)) {
            log.warn("Index {} does not take changes for now; tried {} times: {}", index(), failures, reason);
        }
    }

    /** The alias existed a moment ago, but does not accept writes. */
    GapException replaced() {
        return Generations.replaced(index(), destination.generation());
    }

    SyncException denied(Answer answer) {
        return connection.failure("write to index \"" + index() + "\"", answer);
    }

    SyncException denied(BulkAnswer.Item item) {
        return connection.failure(
                "write to index \"" + index() + "\"", new EngineError(item.status(), item.type(), item.reason()));
    }
}
