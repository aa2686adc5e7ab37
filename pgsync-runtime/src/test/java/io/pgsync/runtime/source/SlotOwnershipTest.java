package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.runtime.config.GivenNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SlotOwnershipTest {
    private static final SlotNames USUAL = new SlotNames("pgsync", "pgsync");
    private static final SlotNames OWN = new SlotNames("pgsync_shop_books", "pgsync_shop_books");

    private final OccupancyInMemory server = new OccupancyInMemory();
    private final StatesInMemory states = new StatesInMemory();
    private final Map<String, SourceIdentity> sources = new HashMap<>();
    private final Database shop = Databases.shop("books", "authors");
    private GivenNames given = GivenNames.NONE;

    @Test
    void freeNamesAreTaken() {
        assertThat(claimed()).isEqualTo(USUAL);
    }

    @Test
    void namesThatServeOneOfTheIndexesAreKept() {
        server.slot("pgsync", 0).mark("pgsync", "pgsync", "books", "gone");

        assertThat(claimed()).isEqualTo(USUAL);
    }

    @Test
    void aSlotWithoutMarkIsOursWhereAStateSaysSo() {
        server.slot("pgsync", 0);
        state("authors", "42", "pgsync");

        assertThat(claimed()).isEqualTo(USUAL);
    }

    @Test
    void aStateOfAnotherDatabaseSaysNothingOfThisOne() {
        server.slot("pgsync", 0);
        state("authors", new SourceIdentity("42", 1, "bank", "pgsync"));

        assertThat(claimed()).isEqualTo(OWN);
    }

    @Test
    void besideAnotherFileThisOneGetsNamesOfItsOwn() {
        server.slot("pgsync", 7).mark("pgsync", "pgsync", "readers");

        assertThat(claimed()).isEqualTo(OWN);
    }

    @Test
    void whatNobodyKnowsBelongsToSomebodyElse() {
        server.slot("pgsync", 0);

        assertThat(claimed()).isEqualTo(OWN);
    }

    @Test
    void aNameThatWasGivenIsNeverReplaced() {
        server.slot("pgsync", 0);
        given = new GivenNames(Optional.of("pgsync"), Optional.empty());

        refused(claim(), "\"pgsync\"");
    }

    @Test
    void whereItsOwnNamesAreTakenTooAPersonHasToChoose() {
        server.slot("pgsync", 0).slot("pgsync_shop_books", 0);

        refused(claim(), "\"pgsync_shop_books\"");
    }

    @Test
    void aPublicationThatNobodyMayMarkCannotSayThatTheNamesAreOurs() {
        server.slot("pgsync", 0).publication("pgsync_shop_books", Keeper.ANOTHER_ROLE);

        refused(claim(), "pgsync_shop_books", "another role");
    }

    @Test
    void aPublicationOfTablesThatTheFileDoesNotShowIsNotAltered() {
        server.publication("pgsync", Keeper.US, "books", "salaries");

        refused(claim(), "public.salaries");
    }

    @Test
    void oneThatOthersKeepIsUsedAsItIs() {
        server.publication("pgsync", Keeper.ANOTHER_ROLE, "books", "salaries");

        assertThat(claimed()).isEqualTo(USUAL);
    }

    @Test
    void aDocumentThatAnotherProcessFollowsByItsOldSlotIsNotReadTwice() {
        state("books", "42", "old");
        server.slot("old", 7);

        refused(claim(), "\"old\"");
    }

    @Test
    void anOldSlotThatNobodyReadsHoldsUpNothing() {
        state("books", "42", "old");
        server.slot("old", 0);

        assertThat(claimed()).isEqualTo(USUAL);
    }

    @Test
    void whatServesAnotherFileTooIsNotTakenDown() {
        server.slot("pgsync", 0).mark("pgsync", "pgsync", "books", "readers");

        refused(ownership().proveSole(shop), "readers");
    }

    @Test
    void whereNoCommentSaysWhomASlotServesAllStatesDo() {
        server.slot("pgsync", 0);
        state("books", "42", "pgsync");
        state("readers", "42", "pgsync");

        refused(ownership().proveSole(shop), "readers");
    }

    @Test
    void aStateOfAnotherServerSaysNothingOfThisOne() {
        server.slot("pgsync", 0);
        state("books", "42", "pgsync");
        state("readers", "a clone", "pgsync");

        StepVerifier.create(ownership().proveSole(shop)).verifyComplete();
    }

    @Test
    void statesOutliveWhatTheyNameAndFreeNamesAreNobodys() {
        state("readers", "42", "pgsync");

        StepVerifier.create(ownership().proveSole(shop)).verifyComplete();
    }

    @Test
    void aMarkSaysWhetherThePublicationIsOursAndElseTheStates() {
        assertThat(isOurs()).isFalse();
        state("books", "42", "pgsync");
        assertThat(isOurs()).isTrue();
        server.mark("another", "pgsync", "books");
        assertThat(isOurs()).isFalse();
        server.mark("pgsync", "pgsync", "books");
        assertThat(isOurs()).isTrue();
        server.mark("pgsync", "pgsync", "readers");
        assertThat(isOurs()).isFalse();
    }

    private SlotOwnership ownership() {
        return new SlotOwnership(given, states, Mono.just(sources), database -> server);
    }

    private Mono<Database> claim() {
        return ownership().claim(shop);
    }

    private SlotNames claimed() {
        return claim().map(Database::names).blockOptional().orElseThrow();
    }

    private boolean isOurs() {
        return ownership().ownsPublication(shop).blockOptional().orElseThrow();
    }

    private static void refused(Mono<?> claim, String... names) {
        StepVerifier.create(claim).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
            assertThat(failure).hasMessageContainingAll(names);
        });
    }

    private void state(String index, String systemIdentifier, String slot) {
        state(index, new SourceIdentity(systemIdentifier, 1, "shop", slot));
    }

    private void state(String index, SourceIdentity source) {
        SyncState state = StatesInMemory.state(index, 10);
        sources.put(index, source);
        states.put(new SyncState(
                index,
                state.indexUuid(),
                source,
                state.generation(),
                state.schemaFingerprint(),
                state.backfill(),
                state.stored(),
                List.of()));
    }
}
