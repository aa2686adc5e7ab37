package io.pgsync.runtime.follow;

import io.pgsync.runtime.source.Database;
import java.util.List;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;

/** What goes on beside a run, and may make it begin again. */
public interface RunWatch {
    /** Nothing. */
    RunWatch NONE = followed -> Mono.never();

    /**
     * Completes when the run has to end and begin again, because other indexes are to be followed; never fails. Ends
     * when it is cancelled.
     */
    Mono<Void> changed(List<Followed> followed);

    /** A database of the run. {@code isFollowing}: whether this process has its slot and owns its indexes now. */
    record Followed(Database database, BooleanSupplier isFollowing) {}
}
