package io.pgsync.core.change;

import java.util.Collection;
import reactor.core.publisher.Mono;

/**
 * Port: a transaction can be in the stream before other sessions see it, because its commit record is flushed before it leaves the set of
 * running transactions (with synchronous standbys the gap is long). Nothing may be looked up or read for a change before its fence.
 */
public interface VisibilityFence {
    /** Completes when every one of {@code committed} is visible to new statements on the primary. Asks again until then. */
    Mono<Void> awaitVisible(Collection<Xid> committed);
}
