package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The single rule for whether a run may go on with an index. It may if the state records nothing that ends the run or
 * sets the index aside, and if no known fact about source and engine contradicts the state. The caller decides what
 * follows: a run ends, a bootstrap loads the index again, {@code status} shows it.
 */
public final class Soundness {
    private Soundness() {}

    /**
     * Why no run may go on with the index; empty if one may. The recorded divergence comes first, then the evidence in
     * the given order. A recorded divergence that is still followed is no reason, and hides no other.
     */
    public static Optional<Divergence> of(SyncState state, Evidence... evidence) {
        Optional<Divergence> recorded = state.diverged()
                .filter(found -> !found.kind().isFollowed())
                .map(found -> new Divergence(found.kind(), state.index(), found.toString()));
        return recorded.or(
                () -> Stream.of(evidence).flatMap(fact -> proven(fact, state)).findFirst());
    }

    /** The divergence of an index whose state is gone. */
    public static Divergence withoutState(String index) {
        return new Divergence(
                Kind.GAP, index, "nothing is known of its state; any of its documents may be out of date");
    }

    private static Stream<Divergence> proven(Evidence fact, SyncState state) {
        return fact.against(state).stream().map(what -> new Divergence(fact.kind(), state.index(), what));
    }
}
