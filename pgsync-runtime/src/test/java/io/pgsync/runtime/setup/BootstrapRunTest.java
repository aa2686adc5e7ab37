package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementsInMemory;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.source.Fingerprints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** {@link Bootstrap} on a database and an engine in memory. */
class BootstrapRunTest {
    private static final SchemaText SCHEMA = new SchemaText("schema.json", false, "[{}]");
    private static final SourceIdentity SOURCE = new SourceIdentity("42", 1, "shop", "pgsync");

    private final List<String> done = new ArrayList<>();
    private final SourceInMemory source = new SourceInMemory(done);
    private final Engine engine = new Engine();
    private final StatesInMemory states = new StatesInMemory();
    private final PlacementsInMemory placements = new PlacementsInMemory();
    private final Database shop = Databases.shop("books");
    private PlacedSchema placed = PlacedSchema.unplaced(SCHEMA);

    @Test
    void theIndexIsMadeBeforeTheSlotAndTheStateBehindIt() {
        run();

        assertThat(done)
                .containsExactly(
                        "engine is there",
                        "create index books",
                        "remember deletes of books",
                        "identities KEEP",
                        "publish [public.books]",
                        "create slot pgsync",
                        "add keys to books");
        assertThat(states.get("books")).satisfies(state -> {
            assertThat(state.source()).isEqualTo(SOURCE);
            assertThat(state.stored()).isEqualTo(new Lsn(50));
            assertThat(state.backfill()).isEqualTo(BackfillProgress.start(false));
        });
    }

    /** Before the index is made: a name without a placement would get another index at the next start. */
    @Test
    void anIndexBehindAnAliasIsPlacedBeforeItIsMadeAndHasItsNameBeforeItIsLoaded() {
        Placement placement = Placement.of("books", "books-1");
        placed = new PlacedSchema(SCHEMA, Map.of("books-1", "books"), Map.of("books", placement), List.of());
        engine.whenCreating = () -> assertThat(placements.get("books")).isEqualTo(placement);

        StepVerifier.create(bootstrap().run(List.of(Databases.shop("books-1")))).verifyComplete();

        assertThat(done)
                .containsSubsequence("create index books-1", "give the name books to books-1", "create slot pgsync");
        assertThat(states.indexes()).containsExactly("books-1");
    }

    /** The other index of a reindex is searched by nobody before it takes the place of the first. */
    @Test
    void anIndexThatIsToReplaceAnotherHasNoNameYet() {
        placed = new PlacedSchema(
                SCHEMA, Map.of("books-2", "books"), Map.of("books", Placement.of("books", "books-1")), List.of());
        placements.put(Placement.of("books", "books-1"));

        StepVerifier.create(bootstrap().run(List.of(Databases.shop("books-2")))).verifyComplete();

        assertThat(done).contains("create index books-2").noneMatch(step -> step.startsWith("give the name"));
    }

    @Test
    void serversThatWereExaminedAreNotExaminedAgain() {
        StepVerifier.create(bootstrap().make(List.of(shop))).verifyComplete();

        assertThat(source.examinations).isZero();
        assertThat(done).startsWith("create index books").doesNotContain("engine is there");
    }

    @Test
    void serversThatNobodyExaminedAreExaminedOnceBeforeAnythingIsMade() {
        Database other = Databases.shop("authors");

        StepVerifier.create(bootstrap().run(List.of(shop, other))).verifyComplete();

        assertThat(source.examinations).isEqualTo(2);
        assertThat(done).filteredOn("engine is there"::equals).hasSize(1);

        done.clear();
        source.findings = List.of(Finding.problem("wal_level", "replica", ""));
        StepVerifier.create(bootstrap().run(List.of(shop, other))).verifyError(SyncException.class);
        assertThat(done).containsExactly("engine is there");
    }

    @Test
    void aSlotOfSomebodyElseStopsItOnExaminedServersToo() {
        source.slot("wal2json", "shop", 0, "reserved", false);

        StepVerifier.create(bootstrap().make(List.of(shop))).verifyError(SyncException.class);

        assertThat(done).isEmpty();
    }

    @Test
    void whenTheEngineIsAwayNothingIsMade() {
        engine.check = Mono.error(new SyncException(Remedy.RETRY, "away"));

        fails("away");

        assertThat(done).isEmpty();
    }

    @Test
    void aLoadOfAnIndexThatWasThereRemovesWhatHasNoRootAnyMoreAndWritesBehindItsVersions() {
        engine.existed = true;
        engine.newest = 7;

        run();

        assertThat(states.get("books").backfill()).isEqualTo(BackfillProgress.start(true));
        assertThat(states.get("books").generation()).isEqualTo(7);
    }

    /** In one state, so that a process that dies in between leaves none without the other. */
    @Test
    void theDefinitionIsWrittenTogetherWithItsFingerprint() {
        run();

        assertThat(states.written).containsExactly("state books created");
        assertThat(states.get("books")).satisfies(state -> {
            var fingerprints = new Fingerprints(SCHEMA);
            DocumentTree tree = shop.trees().get(0);
            assertThat(state.schemaFingerprint()).isEqualTo(fingerprints.of(tree));
            assertThat(state.loaded()).contains(fingerprints.definition(tree, MappingMode.TYPES));
        });
    }

    @Test
    void whatIsSoundStaysWithTheProcessThatOwnsIt() {
        prepared();

        run();

        assertThat(states.written).isEmpty();
    }

    @Test
    void anIndexThatIsAnotherIsLoadedAgainBehindWhoeverWroteItLast() {
        prepared();
        engine.uuid = "another";
        engine.newest = 2;

        run();

        assertThat(states.get("books")).satisfies(state -> {
            assertThat(state.indexUuid()).isEqualTo("another");
            assertThat(state.generation()).isEqualTo(4);
            assertThat(state.backfill().isDone()).isFalse();
        });
    }

    @Test
    void soIsOneThatIsNotFoundByItsKeys() {
        prepared();
        engine.unseen = Optional.of("no search finds them");

        run();

        assertThat(states.get("books").backfill().isDone()).isFalse();
    }

    @Test
    void tablesThatWereNotPublishedLeaveAGapBeforeTheyAre() {
        prepared();
        source.publication(Keeper.US).slot(0, "reserved");

        run();

        assertThat(states.written).first().isEqualTo("state books 0/A");
        assertThat(states.get("books").backfill().isDone()).isFalse();
    }

    @Test
    void ofAPublicationOfOthersTheGapIsNotedBeforeTheExaminationThatStops() {
        prepared();
        source.publication(Keeper.ANOTHER_ROLE).slot(0, "reserved");

        StepVerifier.create(bootstrap().noteWhatOthersLeaveOut(List.of(shop))).verifyComplete();

        assertThat(states.get("books").diverged().map(Diverged::kind)).contains(Kind.GAP);
    }

    @Test
    void whatAFailedBootstrapMadeIsTakenBackButTheIndex() {
        engine.addKeys = Mono.error(new SyncException(Remedy.STOP, "no room for fields"));

        fails("no room for fields");

        assertThat(states.indexes()).isEmpty();
        assertThat(done).endsWith("drop slot pgsync", "drop publication pgsync");
    }

    @Test
    void anIndexThatTakesNoDocumentIsNotFilled() {
        engine.unrouted = Mono.error(new SyncException(Remedy.STOP, "needs a routing"));

        fails("needs a routing");

        assertThat(done).doesNotContain("create slot pgsync");
    }

    @Test
    void aProcessThatMovesItsStateWhileItIsLookedAtOwnsASoundIndex() {
        prepared();
        source.growth = 10;
        states.put(states.get("books").withStored(new Lsn(115), Optional.empty()));

        run();

        assertThat(states.written).isEmpty();
    }

    /** By an earlier bootstrap, and followed since. */
    private void prepared() {
        source.publication(Keeper.US, "books").slot(7, "reserved");
        engine.existed = true;
        String fingerprint = new Fingerprints(SCHEMA).of(shop.trees().get(0));
        states.put(
                new SyncState("books", "uuid", SOURCE, 4, fingerprint, BackfillProgress.DONE, new Lsn(10), List.of()));
    }

    private Bootstrap bootstrap() {
        return new Bootstrap(
                placed,
                MappingMode.TYPES,
                new IdentityChoice(ReplicaIdentityMode.KEEP, Set.of()),
                database -> source,
                engine,
                states,
                placements);
    }

    private void run() {
        StepVerifier.create(bootstrap().run(List.of(shop))).verifyComplete();
    }

    private void fails(String message) {
        StepVerifier.create(bootstrap().run(List.of(shop))).verifyErrorMessage(message);
    }

    private final class Engine implements TargetEngine {
        private Mono<Void> check = does("engine is there");
        private Mono<Void> addKeys = does("add keys to books");
        private Mono<Void> unrouted = Mono.empty();
        private Optional<String> unseen = Optional.empty();
        private boolean existed;
        private String uuid = "uuid";
        private long newest;
        private Runnable whenCreating = () -> {};

        @Override
        public Mono<Void> check() {
            return check;
        }

        @Override
        public Mono<Boolean> exists(String index) {
            return Mono.just(existed);
        }

        @Override
        public Mono<Void> claimName(String name, String index) {
            return does("give the name " + name + " to " + index);
        }

        @Override
        public Mono<String> createIfMissing(PlannedIndex plan) {
            return Mono.fromRunnable(whenCreating)
                    .then(does("create index " + plan.name()))
                    .thenReturn(uuid);
        }

        @Override
        public Mono<Void> checkUnrouted(String index) {
            return unrouted;
        }

        @Override
        public Mono<Void> rememberDeletes(String index) {
            return does("remember deletes of " + index);
        }

        @Override
        public Mono<Map<String, String>> histories(String index) {
            return Mono.just(Map.of("0", "h0"));
        }

        @Override
        public Mono<Optional<String>> reasonToLoad(DocumentTree tree) {
            return Mono.just(unseen);
        }

        @Override
        public Mono<Void> addKeys(DocumentTree tree) {
            return addKeys;
        }

        @Override
        public Mono<Long> newestGeneration(String index) {
            return Mono.just(newest);
        }
    }

    private Mono<Void> does(String what) {
        return Mono.fromRunnable(() -> done.add(what));
    }
}
