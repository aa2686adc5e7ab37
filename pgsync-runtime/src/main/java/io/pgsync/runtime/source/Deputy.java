package io.pgsync.runtime.source;

import io.pgsync.core.failure.Remedy;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Waits for what another process does, and takes its place when it is gone. {@code isThere}: whether it follows the slot. */
public record Deputy(Mono<Boolean> isThere, Scheduler timer) {
    private static final Logger log = LoggerFactory.getLogger(Deputy.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    /** Completes with {@code end}, or with {@code itself} if the other process is gone before. */
    public Mono<Void> waitFor(Mono<Void> end, Supplier<Mono<Void>> itself) {
        return Mono.firstWithSignal(end.thenReturn(true), gone().thenReturn(false))
                .flatMap(isOver -> isOver ? Mono.empty() : Mono.defer(itself));
    }

    private Mono<Void> gone() {
        return Flux.interval(BETWEEN_LOOKS, timer)
                .onBackpressureDrop()
                .concatMap(tick -> isThere.onErrorResume(Remedy::passes, away -> Mono.just(true)), 1)
                .filter(there -> !there)
                .next()
                .doOnNext(gone -> log.info("The process that followed the slot is gone: this one goes on"))
                .then();
    }
}
