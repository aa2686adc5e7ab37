package io.pgsync.runtime.setup;

import static io.pgsync.runtime.setup.BootstrappedShop.BOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.source.Fingerprints;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** {@link Bootstrap} on a database and an engine in memory. */
class BootstrapRunTest {
    private final BootstrappedShop shop = new BootstrappedShop();

    @Test
    void theIndexIsMadeBeforeTheSlotAndTheStateBehindIt() {
        shop.run();

        assertThat(shop.done)
                .containsExactly(
                        "engine is there",
                        "create index books",
                        "remember deletes of books",
                        "identities KEEP",
                        "publish [public.books]",
                        "create slot pgsync",
                        "add keys to books");
        assertThat(shop.states.get("books")).satisfies(state -> {
            assertThat(state.source()).isEqualTo(BootstrappedShop.SOURCE);
            assertThat(state.stored()).isEqualTo(new Lsn(50));
            assertThat(state.backfill()).isEqualTo(BackfillProgress.start(false));
        });
    }

    /** Before the index is made: a name without a placement would get another index at the next start. */
    @Test
    void anIndexBehindAnAliasIsPlacedBeforeItIsMadeAndHasItsNameBeforeItIsLoaded() {
        Placement placement = Placement.of("books", "books-1");
        shop.placed = new PlacedSchema(
                BootstrappedShop.SCHEMA, Map.of("books-1", "books"), Map.of("books", placement), List.of());
        shop.engine.whenCreating =
                () -> assertThat(shop.placements.get("books")).isEqualTo(placement);

        StepVerifier.create(shop.bootstrap().run(List.of(Databases.shop("books-1"))))
                .verifyComplete();

        assertThat(shop.done)
                .containsSubsequence("create index books-1", "give the name books to books-1", "create slot pgsync");
        assertThat(shop.states.indexes()).containsExactly("books-1");
    }

    /** The other index of a reindex is searched by nobody before it takes the place of the first. */
    @Test
    void anIndexThatIsToReplaceAnotherHasNoNameYet() {
        shop.placed = new PlacedSchema(
                BootstrappedShop.SCHEMA,
                Map.of("books-2", "books"),
                Map.of("books", Placement.of("books", "books-1")),
                List.of());
        shop.placements.put(Placement.of("books", "books-1"));

        StepVerifier.create(shop.bootstrap().run(List.of(Databases.shop("books-2"))))
                .verifyComplete();

        assertThat(shop.done).contains("create index books-2").noneMatch(step -> step.startsWith("give the name"));
    }

    @Test
    void serversThatWereExaminedAreNotExaminedAgain() {
        StepVerifier.create(shop.bootstrap().make(List.of(BOOKS))).verifyComplete();

        assertThat(shop.source.examinations).isZero();
        assertThat(shop.done).startsWith("create index books").doesNotContain("engine is there");
    }

    @Test
    void serversThatNobodyExaminedAreExaminedOnceBeforeAnythingIsMade() {
        Database other = Databases.shop("authors");

        StepVerifier.create(shop.bootstrap().run(List.of(BOOKS, other))).verifyComplete();

        assertThat(shop.source.examinations).isEqualTo(2);
        assertThat(shop.done).filteredOn("engine is there"::equals).hasSize(1);

        shop.done.clear();
        shop.source.findings = List.of(Finding.problem("wal_level", "replica", ""));
        StepVerifier.create(shop.bootstrap().run(List.of(BOOKS, other))).verifyError(SyncException.class);
        assertThat(shop.done).containsExactly("engine is there");
    }

    @Test
    void aSlotOfSomebodyElseStopsItOnExaminedServersToo() {
        shop.source.slot("wal2json", "shop", 0, "reserved", false);

        StepVerifier.create(shop.bootstrap().make(List.of(BOOKS))).verifyError(SyncException.class);

        assertThat(shop.done).isEmpty();
    }

    @Test
    void whenTheEngineIsAwayNothingIsMade() {
        shop.engine.check = Mono.error(new SyncException(Remedy.RETRY, "away"));

        fails("away");

        assertThat(shop.done).isEmpty();
    }

    @Test
    void aLoadOfAnIndexThatWasThereRemovesWhatHasNoRootAnyMoreAndWritesBehindItsVersions() {
        shop.engine.existed = true;
        shop.engine.newest = 7;

        shop.run();

        assertThat(shop.states.get("books").backfill()).isEqualTo(BackfillProgress.start(true));
        assertThat(shop.states.get("books").generation()).isEqualTo(7);
    }

    /** In one state, so that a process that dies in between leaves none without the other. */
    @Test
    void theDefinitionIsWrittenTogetherWithItsFingerprint() {
        shop.run();

        assertThat(shop.states.written).containsExactly("state books created");
        assertThat(shop.states.get("books")).satisfies(state -> {
            var fingerprints = new Fingerprints(BootstrappedShop.SCHEMA);
            DocumentTree tree = BOOKS.trees().get(0);
            assertThat(state.schemaFingerprint()).isEqualTo(fingerprints.of(tree));
            assertThat(state.loaded()).contains(fingerprints.definition(tree, MappingMode.TYPES));
        });
    }

    @Test
    void whatAFailedBootstrapMadeIsTakenBackButTheIndex() {
        shop.engine.addKeys = Mono.error(new SyncException(Remedy.STOP, "no room for fields"));

        fails("no room for fields");

        assertThat(shop.states.indexes()).isEmpty();
        assertThat(shop.done).endsWith("drop slot pgsync", "drop publication pgsync");
    }

    @Test
    void anIndexThatTakesNoDocumentIsNotFilled() {
        shop.engine.unrouted = Mono.error(new SyncException(Remedy.STOP, "needs a routing"));

        fails("needs a routing");

        assertThat(shop.done).doesNotContain("create slot pgsync");
    }

    private void fails(String message) {
        StepVerifier.create(shop.bootstrap().run(List.of(BOOKS))).verifyErrorMessage(message);
    }
}
