package io.pgsync.core.pipeline;

import io.pgsync.core.affected.AffectedRoots;
import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.affected.StoredSearches;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.core.window.Arrivals;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Does the searches that wait in a log, beside the stream: waits until everything that was in the log when they were taken is stored, searches, and
 * appends what it finds. All that wait at a time share one wait. While the engine is away they wait too.
 */
final class LoggedSearches {
    private static final int MOST = 64;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final StoredSearches searches;
    private final Set<String> indexes;
    private final PipelineSettings.Batch settings;
    private final Scheduler timer;

    /** {@code indexes}: those of this run; searches of others find nothing. */
    LoggedSearches(StoredSearches searches, Set<String> indexes, PipelineSettings.Batch settings, Scheduler timer) {
        this.searches = searches;
        this.indexes = indexes;
        this.settings = settings;
        this.timer = timer;
    }

    /** Appends roots to the log. */
    interface Appending {
        /** Completes when the log has them. */
        Mono<Void> append(Lsn change, AffectedRoots roots);
    }

    /** One group after the other, in the order of the log. */
    Mono<Void> perform(Flux<TakenSearches> taken, Appending found) {
        return Arrivals.of(taken, MOST, timer)
                .concatMap(group -> perform(group, found), 1)
                .then();
    }

    private Mono<Void> perform(List<TakenSearches> group, Appending found) {
        Set<IndexSearch> distinct = group.stream()
                .flatMap(taken -> taken.searches().stream())
                .filter(search -> indexes.contains(search.index()))
                .collect(Collectors.toSet());
        Set<String> searched = distinct.stream().map(IndexSearch::index).collect(Collectors.toSet());
        return searches.searchable(searched)
                .thenMany(Flux.fromIterable(distinct))
                .concatMap(search -> append(search, found), 1)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .scheduler(timer)
                        .filter(Remedy::passes))
                .then(Mono.fromRunnable(
                        () -> group.forEach(taken -> taken.done().run())));
    }

    /** The roots of the later pages give way to fresh changes, as in the stream. */
    private Mono<Void> append(IndexSearch search, Appending found) {
        return searches.found(search)
                .buffer(settings.roots())
                .index((page, roots) -> new AffectedRoots(roots, page > 0))
                .concatMap(roots -> found.append(Lsn.ZERO, roots), 1)
                .then();
    }
}
