package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.AttachedPartition;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a run does when a type, or the partitions of a table, are others than at the load. */
class ChangedDefinitionsTest {
    private static final DocumentTree TREE =
            Trees.document("'index': 'a', 'nodes': {'table': 't'}", Tables.table("t", "id int4 pk"));
    private static final String SEPARATOR = AttachedPartition.SEPARATOR;
    private static final String LEFT = "1" + SEPARATOR + ".7";
    private static final String CAME = LEFT + SEPARATOR + "p1";

    private static final SyncState LOADED = States.state("a", 10);

    private final States states = new States();
    private final WatchedTables tables = new WatchedTables();

    @Test
    void aDefinitionThatChangedIsToldOnceAndTheIndexGoesOn() {
        isNow(typed("1=sad"));
        Divergences first = over(LOADED);
        StepVerifier.create(first.look()).verifyComplete();
        Definitions then = first.definitions("a").orElseThrow();

        isNow(typed("1=blue"));
        Divergences second = over(LOADED.withDefinitions(then));
        StepVerifier.create(second.look().onErrorResume(second::after)).verifyError(DivergenceException.class);

        assertThat(states.get("a").isSetAside()).isFalse();
        assertThat(states.get("a").diverged()).hasValueSatisfying(found -> {
            assertThat(found.kind()).isEqualTo(Kind.DEFINITION_CHANGED);
            assertThat(found.reason()).endsWith("type \"mood\"");
        });
        Divergences third = over(states.get("a"));
        StepVerifier.create(third.look()).verifyComplete();
    }

    @Test
    void whatChangedIsNotTakenForKnownBeforeItIsRecorded() {
        Definitions then = typed("1=sad");
        isNow(typed("1=blue"));
        Divergences changed = over(LOADED.withDefinitions(then));

        StepVerifier.create(changed.look()).verifyError(DivergenceException.class);

        assertThat(changed.definitions("a")).contains(then);
    }

    @Test
    void theDocumentsOfAPartitionThatCameAreLoadedOnce() {
        isNow(parted(CAME));

        StepVerifier.create(recorded(over(LOADED.withDefinitions(parted()))))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(BackfillRequestedException.class)
                        .hasMessageContaining("got partitions with rows that the log does not have: p1"));

        PartitionLoad load = states.get("a").backfill().partitions().orElseThrow();
        assertThat(load.where()).contains("id = 7");
        assertThat(load.tables()).isEmpty();
        assertThat(states.get("a").diverged()).isEmpty();
        StepVerifier.create(over(states.get("a")).look()).verifyComplete();
    }

    @Test
    void thoseOfOneThatLeftAreFoundInTheIndex() {
        isNow(parted());

        StepVerifier.create(recorded(over(LOADED.withDefinitions(parted(LEFT)))))
                .verifyError(BackfillRequestedException.class);

        PartitionLoad load = states.get("a").backfill().partitions().orElseThrow();
        assertThat(load.tables()).containsExactly("public.t");
        assertThat(load.where()).isEmpty();
    }

    @Test
    void whereNoConditionIsCertainEverythingIsLoaded() {
        isNow(parted(CAME));
        tables.condition = Mono.just(Optional.empty());

        StepVerifier.create(recorded(over(LOADED.withDefinitions(parted()))))
                .verifyError(BackfillRequestedException.class);

        assertThat(states.get("a").backfill().isWholeUnderWay()).isTrue();
    }

    @Test
    void whatIsNotKnownNowIsFoundAtALaterLook() {
        isNow(parted(CAME));
        tables.condition = Mono.empty();
        Divergences run = over(LOADED.withDefinitions(parted()));
        StepVerifier.create(run.look()).verifyComplete();
        assertThat(run.definitions("a")).contains(parted());

        tables.condition = Mono.just(Optional.of("id = 7"));

        StepVerifier.create(run.look()).verifyError(BackfillRequestedException.class);
    }

    @Test
    void aWindowFindsPartitionsThatCameBeforeItIsRead() {
        isNow(parted());
        Divergences run = over(LOADED.withDefinitions(parted()));
        StepVerifier.create(run.look()).verifyComplete();
        ChangeWindow window = new ChangeWindow(List.of(), Set.of(), Optional.empty(), Optional.empty());
        StepVerifier.create(run.announcedBy(window)).verifyComplete();
        int before = tables.looks;

        isNow(parted(CAME));

        StepVerifier.create(run.announcedBy(window)).verifyError(BackfillRequestedException.class);
        assertThat(tables.looks).isGreaterThan(before);
    }

    @Test
    void aDivergenceThatIsFoundWithThemHidesThemNot() {
        isNow(parted(CAME).with(Map.of("type \"mood\"", Set.of("1=blue"))));
        SyncState then = LOADED.withDefinitions(parted().with(Map.of("type \"mood\"", Set.of("1=sad"))));

        StepVerifier.create(recorded(over(then))).verifyError(DivergenceException.class);

        assertThat(states.get("a").diverged().map(Diverged::kind)).contains(Kind.DEFINITION_CHANGED);
        assertThat(states.get("a").backfill().phase()).isEqualTo(Phase.PARTITIONS);
        StepVerifier.create(over(states.get("a")).look()).verifyComplete();
    }

    private void isNow(Definitions definitions) {
        tables.definitions.put("a", definitions);
    }

    private Divergences over(SyncState state) {
        return new Divergences(
                tables,
                new IndexPorts(new OwnedIndexes(), null, states, null),
                new Claim(1, List.of(TREE), Map.of("a", states.put(state)), Map.of()));
    }

    private static Mono<Void> recorded(Divergences run) {
        return run.look().onErrorResume(run::after);
    }

    private static Definitions typed(String mark) {
        return new Definitions(Map.of("type \"mood\"", Set.of(mark)), Map.of(), Map.of(), Map.of());
    }

    private static Definitions parted(String... marks) {
        return new Definitions(
                Map.of(), Map.of("public.t", Set.of()), Map.of(), Map.of(), Map.of("public.t", Set.of(marks)));
    }
}
