package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.setup.SourceSetup.Prepared;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.source.SlotNames;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SourceSetupTest {
    private static final SlotNames NAMES = new SlotNames("pgsync", "pgsync");

    private final SourceInMemory server = new SourceInMemory();
    private final Made made = new Made();
    private final SourceSetup setup = new SourceSetup(
            Databases.shop("books"),
            server,
            new SourceChoice(ReplicaIdentityMode.KEEP, Set.of(new TableName("public", "audit")), false),
            made);

    @Test
    void identitiesThenPublicationThenSlot() {
        assertThat(prepared().position().confirmed()).isEqualTo(new Lsn(50));

        assertThat(server.done)
                .containsExactly(
                        "identities KEEP",
                        "unpublished [public.books] at 0/64",
                        "publish [public.books], unproven [public.audit]",
                        "create slot pgsync");
    }

    @Test
    void aNewSlotIsForFailoverWhereThatIsWanted() {
        var choice = new SourceChoice(ReplicaIdentityMode.KEEP, Set.of(), true);

        new SourceSetup(Databases.shop("books"), server, choice, made)
                .prepare((tables, now) -> Mono.empty())
                .block();

        assertThat(server.done).endsWith("create fail-over slot pgsync");
    }

    @Test
    void aSoundSlotIsNeverTouched() {
        server.publication(Keeper.US, "books").slot(0, "reserved");

        assertThat(prepared().position().confirmed()).isEqualTo(new Lsn(10));

        assertThat(server.done).noneMatch(step -> step.contains("slot") || step.contains("unpublished"));
    }

    @Test
    void behindAKeptSlotALoadWaitsForWhatRunsNow() {
        server.publication(Keeper.US, "books").slot(0, "reserved");
        server.isBusy = true;

        StepVerifier.create(prepared().settled()).expectTimeout(Duration.ZERO).verify();
        server.isBusy = false;
        StepVerifier.create(prepared().settled()).verifyComplete();
    }

    @Test
    void aNewSlotHasWaitedForAll() {
        server.isBusy = true;

        StepVerifier.create(prepared().settled()).verifyComplete();
    }

    @Test
    void aSlotThatLostLogIsMadeAnewBehindThePublication() {
        server.publication(Keeper.US, "books").slot(0, "lost");

        prepared();

        assertThat(server.done)
                .containsExactly(
                        "identities KEEP",
                        "drop slot pgsync",
                        "publish [public.books], unproven [public.audit]",
                        "create slot pgsync");
    }

    @Test
    void soIsOneThatIsOlderThanItsPublication() {
        server.publication(Keeper.US, "books").slot(0, "reserved");
        server.canStream = false;

        prepared();

        assertThat(server.done).contains("drop slot pgsync", "create slot pgsync");
    }

    @Test
    void whatAProcessReadsIsNotAskedWhetherItCanBeRead() {
        server.publication(Keeper.US, "books").slot(7, "reserved");
        server.canStream = false;

        assertThat(prepared().position().confirmed()).isEqualTo(new Lsn(10));
    }

    @Test
    void tablesOfOtherDocumentsStayPublishedWhileAProcessMayFollowThem() {
        server.publication(Keeper.US, "books", "authors").slot(7, "reserved");
        prepared();
        assertThat(server.done)
                .contains("publish [public.authors, public.books], unproven [public.audit, public.authors]");

        server.done.clear();
        server.slot(0, "reserved");
        prepared();
        assertThat(server.done).contains("publish [public.books], unproven [public.audit]");
    }

    @Test
    void onlyWhatWasMadeHereIsTakenBack() {
        prepared();
        server.done.clear();
        made.remove().block();
        assertThat(server.done).containsExactly("drop slot pgsync", "drop publication pgsync");

        var nothing = new Made();
        server.publication(Keeper.US, "books").slot(0, "reserved");
        server.done.clear();
        new SourceSetup(
                        Databases.shop("books"),
                        server,
                        new SourceChoice(ReplicaIdentityMode.KEEP, Set.of(), false),
                        nothing)
                .prepare((tables, now) -> Mono.empty())
                .then(nothing.remove())
                .block();
        assertThat(server.done).noneMatch(step -> step.startsWith("drop"));
    }

    @Test
    void ofAPublicationOfOthersItIsToldWhatItLeavesOut() {
        server.publication(Keeper.ANOTHER_ROLE);
        setup.tellWhatOthersLeaveOut(this::unpublished).block();
        assertThat(server.done).containsExactly("unpublished [public.books] at 0/64");

        server.done.clear();
        server.publication(Keeper.US);
        setup.tellWhatOthersLeaveOut(this::unpublished).block();
        server.publication(Keeper.ANOTHER_ROLE, "books");
        setup.tellWhatOthersLeaveOut(this::unpublished).block();
        assertThat(server.done).isEmpty();
    }

    @Test
    void everyProblemOfTheServerIsToldBeforeAnythingIsMade() {
        server.findings = List.of(
                Finding.problem("wal_level", "replica", ""),
                Finding.warning("max_slot_wal_keep_size", "no limit", ""),
                Finding.problem("role", "may not replicate", ""));

        refused("wal_level", "may not replicate");
    }

    @Test
    void aSlotOfSomebodyElseIsInTheWay() {
        server.slot("pgoutput", "shop", 0, "reserved", false);
        StepVerifier.create(setup.check()).verifyComplete();
        server.slot("wal2json", "shop", 0, "reserved", false);
        refused("wal2json");
        server.slot("pgoutput", "bank", 0, "reserved", false);
        refused("bank");
        server.slot("pgoutput", "shop", 0, "reserved", true);
        refused("two-phase");
    }

    @Test
    void theSlotIsTakenDownFirstAndThePublicationWhereItIsOurs() {
        server.publication(Keeper.US, "books");
        SourceSetup.tearDown(server, NAMES, true).block();
        assertThat(server.done).containsExactly("drop slot pgsync", "drop publication pgsync");

        server.done.clear();
        SourceSetup.tearDown(server, NAMES, false).block();
        server.publication(Keeper.ANOTHER_ROLE, "books");
        SourceSetup.tearDown(server, NAMES, true).block();
        assertThat(server.done).containsExactly("drop slot pgsync", "drop slot pgsync");
    }

    private Prepared prepared() {
        return setup.prepare(this::unpublished).blockOptional().orElseThrow();
    }

    private Mono<Void> unpublished(Set<TableName> tables, Lsn now) {
        return Mono.fromRunnable(() -> server.done.add("unpublished " + tables + " at " + now));
    }

    private void refused(String... reasons) {
        StepVerifier.create(setup.check()).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
            assertThat(failure).hasMessageContainingAll(reasons);
        });
        assertThat(server.done).isEmpty();
    }
}
