package io.pgsync.elasticsearch.bulk;

import io.pgsync.elasticsearch.index.Generations;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The alias through which one writer writes to its index; it also makes the writes final. A request without an answer
 * may arrive at any later time. The engine may then have forgotten the newer write that the request's version must not
 * undo. So after such a request, the writer replaces its alias by another: requests under way are then drained, or do
 * not find their alias. Shared by all requests of the writer; thread-safe.
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

    /**
     * The alias to write through now; before it is given, all doubtful requests are drained. Fails if there can be
     * none.
     */
    Mono<String> current() {
        return Mono.defer(() -> {
            synchronized (this) {
                return suspect ? renewal() : Mono.just(name());
            }
        });
    }

    /**
     * A request through that alias may still be under way, although nobody waits for it. If the alias was renewed
     * since, the request is drained already.
     */
    synchronized void doubt(String through) {
        suspect |= through.equals(name());
    }

    /** Whether that alias should exist: it is the newest, and will not be replaced now. */
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
                    // One renewal for all who wait; if one of them cancels, it still runs to its end. A failure is kept
                    // as a value: where the first who waited cancels the others, they must not get the failure too.
                    .materialize()
                    .cache()
                    .dematerialize();
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
