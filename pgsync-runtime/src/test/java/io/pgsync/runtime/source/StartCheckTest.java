package io.pgsync.runtime.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.runtime.config.SchemaText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class StartCheckTest {
    private static final SchemaText SCHEMA = new SchemaText("schema.json", false, "[{}, {}, {}]");

    private final Map<String, Flux<SchemaProblem>> answers = new HashMap<>();
    private final StatesInMemory states = new StatesInMemory();
    private final Database shop = Databases.shop("books", "authors");
    private final StartCheck check =
            new StartCheck(states, SCHEMA, (database, tree) -> answers.getOrDefault(tree.index(), Flux.empty()));

    @Test
    void aDocumentThatWasLoadedAsItIsNowBecomesASuspectAndHoldsUpNoOther() {
        refuse("books");
        loaded("books", "authors");

        StepVerifier.create(suspected())
                .assertNext(database -> assertThat(database.suspects()).containsExactly("books"))
                .verifyComplete();
    }

    @Test
    void aDocumentThatIsNewInTheFileSpeaksAgainstTheFile() {
        refuse("books");
        loaded("authors");
        states.put(StatesInMemory.state("books", 10));

        failsWith(suspected(), "books");
    }

    @Test
    void allDocumentsRefusedSpeaksAgainstTheRole() {
        refuse("books");
        refuse("authors");
        loaded("books", "authors");

        failsWith(suspected(), "books", "authors");
    }

    @Test
    void oneThatIsSetAsideAlreadyIsNoNews() {
        refuse("books");
        loaded("books", "authors");
        states.put(states.get("books")
                .withDiverged(Diverged.at(states.get("books").stored(), Kind.UNREADABLE, "no right")));

        StepVerifier.create(suspected())
                .assertNext(database -> assertThat(database.suspects()).isEmpty())
                .verifyComplete();
    }

    @Test
    void whatIsNotKnownNowHoldsUpNoRun() {
        answers.put("books", Flux.error(new TableLockedException("somebody has it", new IllegalStateException())));

        StepVerifier.create(check.requireNone(List.of(shop))).verifyComplete();
    }

    @Test
    void whoeverNeedsAllOfThemIsToldOfEveryProblemAtOnce() {
        refuse("books");
        refuse("authors");
        loaded("books", "authors");

        failsWith(check.requireNone(List.of(shop)), "books", "authors");
    }

    private Mono<Database> suspected() {
        return check.suspected(List.of(shop)).map(databases -> databases.get(0));
    }

    private void refuse(String index) {
        answers.put(index, Flux.just(new SchemaProblem("/" + index, "permission denied for table " + index)));
    }

    private void loaded(String... indexes) {
        var fingerprints = new Fingerprints(SCHEMA);
        for (DocumentTree tree : shop.trees()) {
            if (List.of(indexes).contains(tree.index())) {
                SyncState known = StatesInMemory.state(tree.index(), 10);
                states.put(new SyncState(
                        known.index(),
                        known.indexUuid(),
                        known.source(),
                        known.generation(),
                        fingerprints.of(tree),
                        known.backfill(),
                        known.stored(),
                        known.refused()));
            }
        }
    }

    private static void failsWith(Mono<?> check, String... indexes) {
        StepVerifier.create(check)
                .verifyErrorSatisfies(failure -> assertThat(((SchemaException) failure).problems())
                        .extracting(SchemaProblem::pointer)
                        .containsExactly(
                                List.of(indexes).stream().map("/"::concat).toArray(String[]::new)));
    }
}
