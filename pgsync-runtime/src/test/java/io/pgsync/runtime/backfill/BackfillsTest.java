package io.pgsync.runtime.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.config.BackfillOrder;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.source.KnownDrifts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class BackfillsTest {
    private final List<String> events = new ArrayList<>();
    private final Map<String, BackfillOutcome> outcomes = new HashMap<>();
    private final StatesInMemory states = StatesInMemory.of("books", "authors", "accounts");
    private Database shop = Databases.named("shop", Databases.tree("books"), Databases.tree("authors"));
    private final Database bank = Databases.named("bank", Databases.tree("accounts"));
    private Mono<Database> claimOfBank = Mono.fromSupplier(() -> {
        events.add("claim bank");
        return bank;
    });

    @Test
    void allDatabasesAreClaimedBeforeAnythingIsMadeInTheFirst() {
        StepVerifier.create(run("books", "accounts"))
                .expectNext(BackfillOutcome.LOADED)
                .verifyComplete();

        assertThat(events)
                .containsExactly("claim shop", "claim bank", "load shop [books, authors]", "load bank [accounts]");
    }

    @Test
    void oneThatMayNotBeTouchedKeepsTheOthersAsTheyAre() {
        claimOfBank = Mono.error(new SyncException(Remedy.STOP, "is somebody else's"));

        StepVerifier.create(run("books", "accounts")).verifyErrorMessage("is somebody else's");

        assertThat(events).containsExactly("claim shop");
    }

    @Test
    void aDatabaseOfWhichNothingIsOrderedIsNotLoaded() {
        StepVerifier.create(run("accounts")).expectNext(BackfillOutcome.LOADED).verifyComplete();

        assertThat(events).last().isEqualTo("load bank [accounts]");
        assertThat(events).noneMatch(event -> event.startsWith("load shop"));
    }

    @Test
    void anIndexThatTheFileDoesNotHaveIsNamedBesideThoseThatItHas() {
        StepVerifier.create(run("books", "boks")).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
            assertThat(failure).hasMessageContainingAll("boks", "books, authors, accounts");
        });
        assertThat(events).isEmpty();
    }

    @Test
    void whatIsSetAsideCannotBeOrdered() {
        drift("books");
        shop = shop.without(List.of("books"));

        StepVerifier.create(run("books")).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
            assertThat(failure).hasMessageContaining("\"books\"");
        });
        assertThat(events).isEmpty();
    }

    @Test
    void whatIsSetAsideAndNotOrderedStaysAsItIs() {
        drift("authors");

        StepVerifier.create(run("books")).expectNext(BackfillOutcome.LOADED).verifyComplete();

        assertThat(events).last().isEqualTo("load shop [books]");
    }

    @Test
    void ofSeveralDatabasesTheWorstOutcomeCounts() {
        outcomes.put("shop", BackfillOutcome.REFUSED);
        StepVerifier.create(run("books", "accounts"))
                .expectNext(BackfillOutcome.REFUSED)
                .verifyComplete();

        outcomes.put("shop", BackfillOutcome.LOADED);
        outcomes.put("bank", BackfillOutcome.STOPPED);
        StepVerifier.create(run("books", "accounts"))
                .expectNext(BackfillOutcome.STOPPED)
                .verifyComplete();
    }

    private void drift(String index) {
        states.put(states.get(index).withDiverged(Diverged.at(new Lsn(5), Kind.SCHEMA_DRIFT, "column gone")));
    }

    private Mono<BackfillOutcome> run(String... indexes) {
        return new Backfills(
                        BackfillOrder.of(indexes),
                        Mono.just(List.of(shop, bank)),
                        new KnownDrifts(states),
                        this::claim,
                        (database, stop, listener) -> load(database))
                .run(Mono.never(), RunListener.NONE);
    }

    private Mono<Database> claim(Database database) {
        if (database.name().equals("bank")) {
            return claimOfBank;
        }
        return Mono.fromSupplier(() -> {
            events.add("claim shop");
            return database;
        });
    }

    private Mono<BackfillOutcome> load(Database database) {
        return Mono.fromSupplier(() -> {
            events.add("load " + database.name() + " "
                    + database.trees().stream().map(DocumentTree::index).toList());
            return outcomes.getOrDefault(database.name(), BackfillOutcome.LOADED);
        });
    }
}
