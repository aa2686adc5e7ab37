package io.pgsync.runtime.setup;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a bootstrap created so far, so that a later failure leaves nothing behind: a slot that nobody reads fills the
 * server's disk. It has nothing that existed before. Not thread-safe.
 */
final class Made {
    private static final Logger log = LoggerFactory.getLogger(Made.class);

    private final Deque<Thing> things = new ArrayDeque<>();

    private record Thing(String name, Mono<Void> removal) {}

    void add(String name, Mono<Void> removal) {
        things.push(new Thing(name, removal));
    }

    /**
     * Removes the newest first. If one cannot be removed, it is logged and the rest goes on: the failure to report is
     * the one that led here.
     */
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
