package io.pgsync.runtime.verify;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Keeps to a number of documents per second, from its first use on. */
final class Pace {
    private static final int MOST_AT_ONCE = 1_000;

    private final OptionalInt rate;
    private final Scheduler timer;
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

    Pace(OptionalInt rate, Scheduler timer) {
        this.rate = rate;
        this.timer = timer;
    }

    /** Documents of one step: those of a second, if they are few. */
    int step() {
        return Math.min(MOST_AT_ONCE, rate.orElse(MOST_AT_ONCE));
    }

    /** Completes when {@code documents} more may be looked at. */
    Mono<Void> before(long documents) {
        return rate.isEmpty() ? Mono.empty() : Mono.defer(() -> pause(documents * 1_000 / rate.getAsInt()));
    }

    private Mono<Void> pause(long millis) {
        long now = timer.now(TimeUnit.MILLISECONDS);
        long begin = Math.max(now, next.get());
        next.set(begin + millis);
        return begin == now
                ? Mono.empty()
                : Mono.delay(Duration.ofMillis(begin - now), timer).then();
    }
}
