package io.pgsync.core.change;

import java.util.Collection;
import reactor.core.publisher.Mono;

/**
 * Port: waits for transactions to become visible. A transaction can be in the stream before other sessions see it,
 * because its commit record is flushed before it leaves the set of running transactions (with synchronous standbys much
 * earlier). Nothing may be looked up or read for a change before its fence.
 */
public interface VisibilityFence {
    /** Completes when all of {@code committed} are visible to new statements on the primary. Asks again until then. */
    Mono<Void> awaitVisible(Collection<Xid> committed);
}
