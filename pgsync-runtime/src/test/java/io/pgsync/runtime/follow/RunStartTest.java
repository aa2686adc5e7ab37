package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.source.Fingerprints;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class RunStartTest {
    private static final RepairCommand REPAIR = new RepairCommand("schema.json", false);
    private static final Fingerprints FINGERPRINTS = new Fingerprints(new SchemaText("schema.json", false, "[{}]"));

    private final StatesInMemory states = new StatesInMemory();
    private final Database shop = Databases.shop("books", "authors");
    private final RunReport report = new RunReport("shop", Map.of("books", 10L, "authors", 10L), REPAIR);
    private boolean hasSlot = true;

    @Test
    void aLoadThatIsNotOverIsTakenUp() {
        loaded("authors");
        states.put(loaded("books").withBackfill(BackfillProgress.start(true)));

        StepVerifier.create(told(shop)).expectNext(List.of()).verifyComplete();

        assertThat(report.isLoaded()).isFalse();
    }

    @Test
    void withoutStateAndSlotNothingWasEverPrepared() {
        hasSlot = false;

        fails(Remedy.STOP, "\"books\"", "pgsync bootstrap");
    }

    @Test
    void aStateThatIsGoneWhileTheSlotIsThereIsAGap() {
        fails(Remedy.REPAIR, "\"books\"", "pgsync backfill -c schema.json --document books");
    }

    @Test
    void anotherDefinitionThanTheLoadedOneIsAGap() {
        states.put(StatesInMemory.state("books", 10));

        fails(Remedy.REPAIR, "\"books\"", "another definition");
    }

    @ParameterizedTest
    @EnumSource(names = {"GAP", "INDEX_REPLACED", "SUPERSEDED"})
    void whatEndedTheRunBeforeEndsItAgain(Kind kind) {
        states.put(diverged("books", kind));

        fails(Remedy.REPAIR, "\"books\"", kind.word(), "what was found");
    }

    @ParameterizedTest
    @EnumSource(names = {"SCHEMA_DRIFT", "UNREADABLE", "DEFINITION_CHANGED", "LOAD_REFUSED"})
    void whatIsSetAsideOrFollowedHoldsUpNoRunAndIsReported(Kind kind) {
        loaded("authors");
        states.put(diverged("books", kind));

        StepVerifier.create(told(shop)).expectNext(List.of()).verifyComplete();

        assertThat(report.divergences()).containsExactly(kind);
    }

    @Test
    void aDocumentThatCannotBeBuiltIsTalkedOfAndNotFollowed() {
        loaded("authors");
        states.put(diverged("books", Kind.SCHEMA_DRIFT));

        StepVerifier.create(told(shop.without(List.of("books"))))
                .assertNext(advice -> assertThat(advice)
                        .singleElement()
                        .asString()
                        .contains("\"books\"", "schema-drift", "what was found"))
                .verifyComplete();

        assertThat(report.divergences()).containsExactly(Kind.SCHEMA_DRIFT);
    }

    private Mono<List<String>> told(Database database) {
        var advice = new RepairAdvice(states, REPAIR, any -> Mono.just("0/64"));
        return new RunStart(states, FINGERPRINTS, advice, any -> Mono.just(hasSlot)).tell(database, report);
    }

    private void fails(Remedy remedy, String... words) {
        StepVerifier.create(told(shop)).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(remedy);
            assertThat(failure).hasMessageContainingAll(words);
        });
    }

    private SyncState diverged(String index, Kind kind) {
        return loaded(index).withDiverged(Diverged.at(new Lsn(5), kind, "what was found"));
    }

    private SyncState loaded(String index) {
        SyncState state = StatesInMemory.state(index, 10);
        var loaded = new SyncState(
                index,
                state.indexUuid(),
                state.source(),
                state.generation(),
                FINGERPRINTS.of(Databases.tree(index)),
                state.backfill(),
                state.stored(),
                List.of());
        return states.put(loaded).state();
    }
}
