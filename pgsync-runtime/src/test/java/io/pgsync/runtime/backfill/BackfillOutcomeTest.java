package io.pgsync.runtime.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackfillOutcomeTest {
    private static final BackfillProgress WHOLE = BackfillProgress.start(true);
    private static final BackfillProgress PART = BackfillProgress.startWhere("id = 7");

    /** The type was changed while the load ran, and that is what the state says first. */
    @Test
    void aLoadOfWhichEverythingIsRefusedIsNoSuccessWhateverElseTheStateSays() {
        SyncState loaded = state(ended(WHOLE, 5, 5))
                .withAlso(Diverged.at(new Lsn(1), Kind.DEFINITION_CHANGED, "type"))
                .withAlso(Diverged.at(new Lsn(2), Kind.LOAD_REFUSED, "none"));

        assertThat(BackfillRun.isRefusedWhole(loaded)).isTrue();
        assertThat(BackfillRun.isRefusedWhole(state(ended(PART, 1, 1)))).isTrue();
    }

    @Test
    void oneOfWhichSomethingIsStoredIsASuccess() {
        SyncState refusedBefore = state(ended(PART, 5, 4)).withAlso(Diverged.at(new Lsn(2), Kind.LOAD_REFUSED, "none"));

        assertThat(BackfillRun.isRefusedWhole(refusedBefore)).isFalse();
        assertThat(BackfillRun.isRefusedWhole(state(ended(WHOLE, 0, 0)))).isFalse();
    }

    /** It counts nothing. */
    @Test
    void whatAnEarlierReleaseSaysCountsToo() {
        SyncState refused = state(ended(WHOLE, 5, 0)).withAlso(Diverged.at(new Lsn(2), Kind.LOAD_REFUSED, "none"));

        assertThat(BackfillRun.isRefusedWhole(refused)).isTrue();
    }

    private static BackfillProgress ended(BackfillProgress load, long documents, long refused) {
        return load.loaded(List.of("9"), documents, refused).in(Phase.DONE);
    }

    private static SyncState state(BackfillProgress load) {
        return new SyncState(
                "books", "uuid", new SourceIdentity("1", 1, "shop", "slot"), 1, "f", load, new Lsn(1), List.of());
    }
}
