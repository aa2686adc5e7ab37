package io.pgsync.runtime.follow;

import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Cause.Takers;
import io.pgsync.replication.retention.Growth;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.SlotWatch;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.retention.WalBudget.Level;
import io.pgsync.runtime.config.WalLimit;
import io.pgsync.runtime.report.WalStatus;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.status.Amounts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Watches how much log the slot keeps while its database is followed. It warns, with the cause, when half of the budget
 * is used, when most of it is, and when all of it is. It then ends the run if the user prefers a free disk on the
 * server to the stream.
 */
final class WalGuard {
    private static final Logger log = LoggerFactory.getLogger(WalGuard.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration GROWTH_WINDOW = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Mono<Retention> looks;
    private final WalLimit limit;
    private final Mono<Takers> takers;
    private final Scheduler timer;
    private final Growth growth = new Growth(GROWTH_WINDOW);
    private volatile @Nullable WalStatus latest;
    private Level reported = Level.CALM;

    /**
     * {@code looks} at the slot; {@code takers} finds out the condition of those that take the changes, and is asked only if there is
     * something to explain.
     */
    WalGuard(Mono<Retention> looks, WalLimit limit, Mono<Takers> takers, Scheduler timer) {
        this.looks = looks;
        this.limit = limit;
        this.takers = takers;
        this.timer = timer;
    }

    /** For a database that is followed. */
    static WalGuard of(Resources resources, Database database, RunReport report) {
        Mono<Takers> takers = resources
                .workLog(database)
                .map(log -> isAway(log.look()).map(Takers::log))
                .orElseGet(
                        () -> isAway(resources.engine().check()).map(away -> Takers.engine(away, !report.isLoaded())));
        return new WalGuard(
                new SlotWatch(database.connections(), database.names().slot()).look(),
                resources.config().bounds().wal(),
                takers,
                resources.timer());
    }

    private static Mono<Boolean> isAway(Mono<?> answer) {
        return answer.timeout(PATIENCE).thenReturn(false).onErrorReturn(true);
    }

    /** Never completes; fails with {@link WalBudgetExhausted} if the run is to end. A look that fails is skipped. */
    Mono<Void> watch() {
        return Flux.interval(Duration.ZERO, INTERVAL, timer)
                .onBackpressureDrop()
                .concatMap(tick -> looks.onErrorResume(failure -> {
                    log.debug("No look at the slot: {}", failure.getMessage());
                    return Mono.empty();
                }))
                // One at a time: what is reported depends on what was before.
                .concatMap(this::judge, 1)
                .then();
    }

    /** As of the last look; empty before the first. */
    Optional<WalStatus> latest() {
        return Optional.ofNullable(latest);
    }

    private Mono<Void> judge(Retention look) {
        WalBudget budget = WalBudget.of(limit.wished(), look);
        Optional<Double> rate = growth.after(look);
        return takers(budget.level(look.bytes()))
                .map(side -> new WalStatus(look, budget, rate, Cause.of(look, side)))
                .doOnNext(status -> latest = status)
                .doOnNext(this::report)
                .filter(status -> limit.ends() && status.level() == Level.FULL)
                .flatMap(status -> Mono.error(new WalBudgetExhausted(status)));
    }

    private Mono<Takers> takers(Level level) {
        return level == Level.CALM ? Mono.just(Takers.WELL) : takers;
    }

    private void report(WalStatus status) {
        Level level = status.level();
        if (level.compareTo(reported) > 0) {
            log.warn(
                    "The slot keeps {} of the server's log, {} percent of its budget of {}{}, because {}.{}",
                    Amounts.bytes(status.retained()),
                    status.percent(),
                    Amounts.bytes(status.budget().bytes()),
                    status.timeLeft()
                            .map(time -> " and full in " + Amounts.time(time))
                            .orElse(""),
                    status.cause().text(),
                    level == Level.FULL && !limit.ends()
                            ? " It will go on growing, because the WAL budget action is to warn."
                            : "");
        } else if (level == Level.CALM && reported != Level.CALM) {
            log.info("The slot keeps only {} of the server's log again", Amounts.bytes(status.retained()));
        }
        reported = level;
    }
}
