package io.pgsync.elasticsearch.bulk;

import io.pgsync.elasticsearch.index.Generations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The alias through which one writer writes its index, and what makes its writes final. A request without an answer may arrive at any later
 * time, and the engine may have forgotten by then what its version should not undo. So after such a request the writer puts another alias in
 * the place of the first: what is still under way is then drained, or finds no alias. Shared by all requests of the writer; thread-safe.
 */
final class WriterAlias {
    private final Generations generations;
    private final String index;
    private final long generation;
    private int renewals;
    private boolean suspect;
    private @Nullable Mono<String> renewing;

    WriterAlias(Generations generations, Destination destination) {
        this.generations = generations;
        this.index = destination.index();
        this.generation = destination.generation();
    }

    private String name() {
        return Generations.alias(index, generation, renewals);
    }

    /** What to write through now; when it comes, nothing that was doubted before is under way any more. Fails if it cannot be had. */
    Mono<String> current() {
        return Mono.defer(() -> {
            synchronized (this) {
                return suspect ? renewal() : Mono.just(name());
            }
        });
    }

    /** A request through that alias may still be under way, although nobody waits for it. One that was renewed since is drained already. */
    synchronized void doubt(String through) {
        suspect |= through.equals(name());
    }

    /** Whether that alias ought to be there: it is the newest, and nothing is about to take its place. */
    synchronized boolean isSettledOn(String through) {
        return !suspect && through.equals(name());
    }

    private Mono<String> renewal() {
        if (renewing == null) {
            String next = Generations.alias(index, generation, renewals + 1);
            renewing = generations
                    .renew(index, name(), next)
                    .doOnError(failure -> ended(false))
                    .then(Mono.fromCallable(() -> ended(true)))
                    // One for all who wait, and to its end: who cancels must not break it off half-way.
                    .cache();
        }
        return renewing;
    }

    private synchronized String ended(boolean renewed) {
        renewing = null;
        suspect &= !renewed;
        renewals += renewed ? 1 : 0;
        return name();
    }
}
