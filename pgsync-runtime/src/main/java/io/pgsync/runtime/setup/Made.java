package io.pgsync.runtime.setup;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a bootstrap made so far, so that a later failure leaves none of it behind: a slot that nobody reads fills the server's disk. What was
 * there before is not in it. Not for use by several threads at once.
 */
final class Made {
    private static final Logger log = LoggerFactory.getLogger(Made.class);

    private final Deque<Thing> things = new ArrayDeque<>();

    private record Thing(String name, Mono<Void> removal) {}

    void add(String name, Mono<Void> removal) {
        things.push(new Thing(name, removal));
    }

    /** The newest first. What cannot be removed is named, and the rest goes on: the failure that led here is the one to report. */
    Mono<Void> remove() {
        return Flux.fromIterable(things)
                .concatMap(thing -> thing.removal()
                        .doOnSuccess(done -> log.info("Removed {} again", thing.name()))
                        .onErrorResume(failure -> {
                            log.warn("Could not remove {} again: {}", thing.name(), failure.getMessage());
                            return Mono.empty();
                        }))
                .then();
    }
}
