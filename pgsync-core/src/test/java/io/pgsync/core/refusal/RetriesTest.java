package io.pgsync.core.refusal;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class RetriesTest {
    private static final DocumentTree TREE = Trees.nodes("{'table': 'book'}", table("book", "id int4 pk"));

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final RefusalsInMemory store = new RefusalsInMemory();
    private final RefusedRoots refused = new RefusedRoots();
    private final List<List<RootKey>> written = new ArrayList<>();
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private Mono<Void> answer = Mono.empty();
    private final Retries retries = new Retries(
            store,
            refused,
            SourceViews.NONE,
            (tree, roots) -> Mono.<Void>fromRunnable(() -> written.add(roots)).then(Mono.defer(() -> answer)),
            2);
    private CompletableFuture<Void> watch = new CompletableFuture<>();

    @BeforeEach
    void refuseThree() {
        refused.add(root("7"), 1);
        refused.add(root("8"), 1);
        refused.add(root("9"), 1);
    }

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void theDocumentsOfAnOrderAreReadAgainAndItEndsWithTheNextCheckpoint() {
        store.put("shop", RetryOrder.of(List.of("8", "9")));

        watch();
        assertThat(written).containsExactly(List.of(root("8"), root("9")));
        assertThat(store.ordered("shop")).isEqualTo(RetryOrder.of(List.of("8", "9")));
        checkpoint();

        assertThat(store.ordered("shop").isNone()).isTrue();
        pass(10);
        assertThat(written).hasSize(1);
    }

    @Test
    void allAreReadInPortions() {
        store.put("shop", RetryOrder.ALL);

        watch();

        assertThat(written).hasSize(2).allSatisfy(roots -> assertThat(roots).hasSizeLessThanOrEqualTo(2));
        assertThat(written.stream().flatMap(List::stream)).containsExactlyInAnyOrder(root("7"), root("8"), root("9"));
    }

    @Test
    void whatIsNotRefusedAnyMoreIsNotRead() {
        refused.remove(root("8"), 2);
        store.put("shop", RetryOrder.of(List.of("8", "no such id")));

        watch();
        checkpoint();

        assertThat(written).isEmpty();
        assertThat(store.ordered("shop").isNone()).isTrue();
    }

    @Test
    void anOrderThatComesLaterIsFound() {
        watch();
        store.put("shop", RetryOrder.of(List.of("8")));
        pass(2);

        assertThat(written).containsExactly(List.of(root("8")));
    }

    @Test
    void anOrderIsNotPerformedTwiceWhileItWaitsForTheCheckpoint() {
        store.put("shop", RetryOrder.of(List.of("8")));

        watch();
        pass(10);

        assertThat(written).hasSize(1);
    }

    @Test
    void anOrderThatGrowsMeanwhileIsPerformedAgain() {
        store.put("shop", RetryOrder.of(List.of("8")));
        watch();
        store.put("shop", RetryOrder.of(List.of("8", "9")));

        checkpoint();
        assertThat(store.ordered("shop").isNone()).isFalse();
        pass(2);
        checkpoint();

        assertThat(written).containsExactly(List.of(root("8")), List.of(root("8"), root("9")));
        assertThat(store.ordered("shop").isNone()).isTrue();
    }

    /** The engine is not asked again and again for the orders of indexes in which all is well. */
    @Test
    void whereNothingIsRefusedNobodyLooksForOrders() {
        List.of("7", "8", "9").forEach(key -> refused.remove(root(key), 2));
        watch();
        pass(20);

        assertThat(store.looks).isEqualTo(1);
        refused.add(root("7"), 3);
        pass(2);
        assertThat(store.looks).isEqualTo(2);
    }

    @Test
    void anEngineThatIsAwayEndsNoRun() {
        store.isAway = true;
        store.put("shop", RetryOrder.of(List.of("8")));
        watch();
        pass(4);
        assertThat(watch).isNotDone();
        store.isAway = false;
        pass(2);

        assertThat(written).containsExactly(List.of(root("8")));
    }

    @Test
    void aStopLeavesTheRestOfAnOrderToTheNextRun() {
        Sinks.Empty<Void> first = Sinks.empty();
        answer = first.asMono();
        refused.add(root("10"), 1);
        refused.add(root("11"), 1);
        store.put("shop", RetryOrder.ALL);
        watch();

        stop.tryEmitEmpty();
        assertThat(watch).isNotDone();
        first.tryEmitEmpty();

        assertThat(watch).isCompleted();
        assertThat(written).hasSize(2);
        checkpoint();
        assertThat(store.ordered("shop")).isEqualTo(RetryOrder.ALL);
    }

    @Test
    void twoOrdersAreOne() {
        assertThat(RetryOrder.of(List.of("1", "2")).and(RetryOrder.of(List.of("2", "3"))))
                .isEqualTo(RetryOrder.of(List.of("1", "2", "3")));
        assertThat(RetryOrder.of(List.of("1")).and(RetryOrder.ALL)).isEqualTo(RetryOrder.ALL);
        assertThat(RetryOrder.NONE.and(RetryOrder.NONE).isNone()).isTrue();
    }

    private void watch() {
        watch = retries.watch(List.of(TREE), stop.asMono(), timer).toFuture();
        timer.advanceTimeBy(Duration.ofMillis(1));
    }

    private void checkpoint() {
        retries.remove(retries.performed()).block();
    }

    private void pass(int seconds) {
        timer.advanceTimeBy(Duration.ofSeconds(seconds));
    }

    private static RootKey root(String key) {
        return new RootKey("shop", List.of(key));
    }
}
