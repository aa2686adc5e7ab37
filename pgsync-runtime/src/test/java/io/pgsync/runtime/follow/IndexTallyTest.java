package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IndexTallyTest {
    private final IndexTally tally = new IndexTally("books", 200);

    @Test
    void everyOutcomeIsCountedOnce() {
        var change = new DocumentChange.Delete(new RootKey("books", List.of("7")), "7");

        tally.written(new WriteOutcome(3, 2, List.of(new Refused(change, 400, "type", "reason"))));

        assertThat(tally.figures().stored()).isEqualTo(3);
        assertThat(tally.figures().superseded()).isEqualTo(2);
        assertThat(tally.figures().refused()).isEqualTo(1);
    }

    @Test
    void aLoadThatIsResumedCountsOnlyItsOwnDocumentsAsItsOwn() {
        tally.resumes(loaded(80));
        tally.loaded(loaded(100));

        assertThat(tally.load()).hasValueSatisfying(load -> {
            assertThat(load.stored()).isEqualTo(100);
            assertThat(load.storedHere()).isEqualTo(20);
            assertThat(load.percent()).isEqualTo(50);
        });
    }

    @Test
    void aLoadThatStartsOverCountsFromItsStart() {
        tally.resumes(loaded(80));
        tally.loaded(loaded(10));
        tally.loaded(loaded(15));

        assertThat(tally.load())
                .hasValueSatisfying(load -> assertThat(load.storedHere()).isEqualTo(5));
    }

    @Test
    void itIsSoundWhenItIsLoadedAndNotKnownToDiffer() {
        assertThat(tally.isSound()).isTrue();

        tally.resumes(loaded(80));
        assertThat(tally.isSound()).isFalse();

        tally.loaded(BackfillProgress.DONE);
        tally.diverges(Optional.of(Kind.DEFINITION_CHANGED));
        assertThat(tally.isSound()).isFalse();
    }

    @Test
    void whatTheAuditFindsIsCountedFromPartToPart() {
        AuditProgress begun = AuditProgress.start("uuid", "f", 0, Instant.EPOCH);
        assertThat(tally.figures().audit()).isEmpty();

        tally.audited(new Counts(10, 1, 0, 0, 0, 0, 1), begun);
        tally.audited(new Counts(5, 0, 2, 0, 0, 1, 0), begun);

        assertThat(tally.figures().audited()).isEqualTo(new Counts(15, 1, 2, 0, 0, 1, 1));
        assertThat(tally.figures().audit().orElseThrow().expected()).isEqualTo(200);
    }

    @Test
    void nobodyKnowsHowManyRootsMatchACondition() {
        tally.resumes(BackfillProgress.startWhere("id > 7"));

        assertThat(tally.load())
                .hasValueSatisfying(load -> assertThat(load.expected()).isZero());
        assertThat(tally.figures().expected()).isEqualTo(200);
    }

    @Test
    void whatIsDoneOrSetAsideIsNotWaitedFor() {
        tally.resumes(loaded(80));
        assertThat(tally.isLoaded()).isFalse();

        tally.diverges(Optional.of(Kind.SCHEMA_DRIFT));
        assertThat(tally.isLoaded()).isTrue();
        assertThat(tally.load()).isEmpty();

        tally.diverges(Optional.of(Kind.LOAD_REFUSED));
        assertThat(tally.isLoaded()).isFalse();

        tally.loaded(loaded(90).in(Phase.DONE));
        assertThat(tally.isLoaded()).isTrue();
    }

    @Test
    void onlyAnotherKindIsNews() {
        assertThat(tally.diverges(Optional.of(Kind.GAP))).isTrue();
        assertThat(tally.diverges(Optional.of(Kind.GAP))).isFalse();
        assertThat(tally.diverges(Optional.empty())).isTrue();
    }

    private static BackfillProgress loaded(long documents) {
        return BackfillProgress.start(true).loaded(List.of("7"), documents, 0);
    }
}
