package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one rule for whether a run may go on with an index: its state records nothing that ends or stops it, and nothing that is known of source
 * and engine speaks against the state. Who asks decides what to do about it: a run ends, a bootstrap loads the index again, {@code status} tells.
 */
public final class Soundness {
    private Soundness() {}

    /**
     * Why no run may go on with the index; empty when one may. What is recorded counts first, then the evidence in the order given. A recorded
     * divergence that is followed is no reason, and hides none.
     */
    public static Optional<Divergence> of(SyncState state, Evidence... evidence) {
        Optional<Divergence> recorded = state.diverged()
                .filter(found -> !found.kind().isFollowed())
                .map(found -> new Divergence(found.kind(), state.index(), found.toString()));
        return recorded.or(
                () -> Stream.of(evidence).flatMap(fact -> proven(fact, state)).findFirst());
    }

    /** That of an index whose state is gone. */
    public static Divergence withoutState(String index) {
        return new Divergence(
                Kind.GAP, index, "nothing is known of its state; any of its documents may be out of date");
    }

    private static Stream<Divergence> proven(Evidence fact, SyncState state) {
        return fact.against(state).stream().map(what -> new Divergence(fact.kind(), state.index(), what));
    }
}
