package io.pgsync.runtime.report;

import io.pgsync.core.change.Lsn;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Port: one database that this process follows, as its endpoints see it. Safe from any thread. */
public interface FollowedDatabase {
    /** As they are now; asks nobody. */
    RunFigures figures();

    /** The load that is under way; empty when there is none. */
    Optional<LoadProgress> load();

    /** As {@code pgsync status} tells it. */
    Mono<DatabaseStatus> status();

    /**
     * Completes when everything that was committed up to {@code target} can be read in every index; gives the position that is stored
     * then. May take for ever. Fails with {@link IllegalArgumentException} when the server's log has not got there yet.
     */
    Mono<Lsn> await(Lsn target);

    /** Makes what is stored in an index searchable. */
    Mono<Void> refresh(String index);
}
