package io.pgsync.runtime.plan;

import static io.pgsync.runtime.plan.BooksFile.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Basis;
import io.pgsync.runtime.report.PlannedChange.Measure;
import org.junit.jupiter.api.Test;

/** What the plan says of a file without any edit, by what is known of its index. */
class UneditedFileTest {
    private final BooksIndex index = BooksIndex.loadedFrom(SHOP);

    @Test
    void anIndexThatIsNotThereIsLoaded() {
        var none = new BooksIndex();

        DocumentPlan plan = none.plan(SHOP);

        assertThat(plan.basis()).isEqualTo(Basis.NOTHING);
        assertThat(plan.measure()).isEqualTo(Measure.LOAD);
        assertThat(none.commands(SHOP))
                .containsExactly(
                        "# Stop the daemon, if one runs; start it again at the end",
                        "pgsync bootstrap -c schema.json",
                        "pgsync -c schema.json");
    }

    @Test
    void anIndexThatWasMadeAgainByHandIsLoaded() {
        index.engine.settings("books").put("index.uuid", "another");

        isLoadedByBootstrap("it was deleted and created again");
    }

    @Test
    void whatEndsARunHasTheIndexLoaded() {
        index.alterState(state -> state.withDiverged(Diverged.gap(new Lsn(5), new Lsn(7), "no slot")));

        isLoadedByBootstrap("changes from 0/5 to 0/7 are missing: no slot");
    }

    private void isLoadedByBootstrap(String why) {
        Draft draft = index.draft(SHOP);

        assertThat(draft.needsBootstrap()).isTrue();
        assertThat(draft.plan().load().orElseThrow().roots()).isEqualTo(100);
        assertThat(draft.plan().changes()).singleElement().satisfies(change -> {
            assertThat(change.measure()).isEqualTo(Measure.LOAD);
            assertThat(change.what()).startsWith(why);
        });
    }

    /** Its documents are for the user to load, when the database can bear it. */
    @Test
    void aDivergenceThatIsFollowedIsOnlyNoted() {
        index.alterState(state -> state.withDiverged(Diverged.at(new Lsn(5), Kind.DEFINITION_CHANGED, "type mood")));

        DocumentPlan plan = index.plan(SHOP);

        assertThat(plan.changes()).isEmpty();
        assertThat(plan.notes()).anyMatch(note -> note.contains("type mood"));
    }

    @Test
    void ofAnEarlierVersionOnlyTheFingerprintIsKnown() {
        index.forgetDefinition();

        DocumentPlan same = index.plan(SHOP);
        assertThat(same.basis()).isEqualTo(Basis.FINGERPRINT);
        assertThat(same.changes()).isEmpty();
        assertThat(same.notes()).anyMatch(note -> note.contains("the definition is not known"));

        assertThat(index.plan(SHOP.edited("/0/nodes/columns/2 = 'id'")).changes())
                .first()
                .satisfies(change -> assertThat(change.reason()).contains("only the fingerprint differs"));
    }
}
