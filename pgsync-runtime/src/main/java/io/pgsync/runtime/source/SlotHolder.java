package io.pgsync.runtime.source;

import io.pgsync.replication.slot.SlotStatus;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Whether a process reads a slot. {@code slot}: the slot at each subscription; empty if there is none. */
public record SlotHolder(Mono<SlotStatus> slot, Scheduler timer) {
    private static final Duration BETWEEN = Duration.ofMillis(500);
    /** Longer than a daemon pauses between two runs. */
    private static final int LOOKS_BETWEEN_RUNS = 8;

    /**
     * A daemon releases its slot for a moment between two runs. A command that took the slot then would end the daemon,
     * so it looks several times.
     */
    public Mono<Boolean> isThere() {
        return slot.flatMap(found -> found.isActive()
                        ? Mono.just(true)
                        : Flux.interval(BETWEEN, timer)
                                .onBackpressureDrop()
                                .take(LOOKS_BETWEEN_RUNS)
                                .concatMap(tick -> slot, 1)
                                .any(SlotStatus::isActive))
                .defaultIfEmpty(false);
    }
}
