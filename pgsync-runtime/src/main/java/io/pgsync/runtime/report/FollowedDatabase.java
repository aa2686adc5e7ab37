package io.pgsync.runtime.report;

import io.pgsync.core.change.Lsn;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Port: one database that this process follows, as its endpoints see it. Safe from any thread. */
public interface FollowedDatabase {
    /** The present figures, without a question to a server. */
    RunFigures figures();

    /** The load that is under way; empty if there is none. */
    Optional<LoadProgress> load();

    /** The same as {@code pgsync status} shows. */
    Mono<DatabaseStatus> status();

    /**
     * Completes when searches can find everything that was committed up to {@code target} in every index; gives the
     * position that is stored by then. May never complete. Fails with {@link IllegalArgumentException} if
     * {@code target} lies ahead of the server's log.
     */
    Mono<Lsn> await(Lsn target);

    /** Makes what is stored in an index searchable, which may be named as the schema file names it. */
    Mono<Void> refresh(String index);

    /** The name of an index in the schema file; its own if it has no other one there. */
    default String nameOf(String index) {
        return index;
    }
}
