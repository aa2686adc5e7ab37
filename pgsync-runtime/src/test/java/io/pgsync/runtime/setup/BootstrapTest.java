package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BootstrapTest {
    private static final Set<TableName> UNPUBLISHED = Set.of(new TableName("public", "book"));

    private final SyncState state = new SyncState(
            "books",
            "uuid",
            new SourceIdentity("7212345678901234567", 3, "shop", "pgsync_shop"),
            4,
            "fingerprint",
            BackfillProgress.DONE,
            new Lsn(10),
            List.of());

    @Test
    void changesThatWereNotPublishedAreAGap() {
        assertThat(missing(state))
                .hasValueSatisfying(next -> assertThat(next.diverged())
                        .contains(
                                Diverged.gap(new Lsn(10), new Lsn(20), "of these tables not all came: [public.book]")));
    }

    @ParameterizedTest
    @EnumSource(names = {"PUBLICATION_CHANGED", "PARTITIONS_CHANGED", "DEFINITION_CHANGED", "LOAD_REFUSED"})
    void aGapCountsOverWhatIsFollowed(Kind followed) {
        Optional<SyncState> next = missing(state.withDiverged(Diverged.at(new Lsn(5), followed, "what was before")));

        assertThat(next.flatMap(SyncState::diverged)).hasValueSatisfying(found -> {
            assertThat(found.kind()).isEqualTo(Kind.GAP);
            assertThat(found.from()).isEqualTo(new Lsn(10));
            assertThat(found.reason()).contains("public.book").contains("what was before");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"GAP", "INDEX_REPLACED", "SCHEMA_DRIFT"})
    void whatNoStartGoesOnWithStaysAsItIs(Kind ended) {
        assertThat(missing(state.withDiverged(Diverged.at(new Lsn(5), ended, "what was before"))))
                .isEmpty();
    }

    private static Optional<SyncState> missing(SyncState before) {
        return Bootstrap.missing(before, UNPUBLISHED, new Lsn(20));
    }
}
