package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.StoredSearches;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class LoggedSearchesTest {
    private static final List<DocumentTree> TREES = Trees.documents(
            "[{'database': 'shop', 'index': 'books', 'nodes': {'table': 't'}}]", Tables.table("t", "id int pk"));
    private static final RootKey FOUND = new RootKey("books", List.of("7"));

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<String> heard = new ArrayList<>();
    private final Sinks.Empty<Void> settled = Sinks.empty();
    private final Sinks.Empty<Void> appended = Sinks.empty();
    private int failures;

    private final IndexKeyLookup index = new IndexKeyLookup() {
        @Override
        public Mono<Void> refresh(DocumentTree tree) {
            return Mono.defer(() -> {
                heard.add("refresh");
                return failures-- > 0 ? Mono.error(new SyncException(Remedy.RETRY, "away")) : Mono.empty();
            });
        }

        @Override
        public Flux<RootKey> rootsContaining(
                DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
            return Flux.defer(() -> {
                heard.add("search " + keys);
                return Flux.just(FOUND);
            });
        }

        @Override
        public Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns) {
            return Flux.empty();
        }
    };

    @AfterEach
    void stop() {
        timer.dispose();
    }

    private static IndexSearch search(String index, String key) {
        return new IndexSearch(index, "t", List.of("id"), Optional.of(List.of(List.of(key))));
    }

    private TakenSearches taken(IndexSearch search) {
        return new TakenSearches(List.of(search), () -> heard.add("done"));
    }

    private void perform(IndexSearch... searches) {
        var stored = new StoredSearches(TREES, index, new RefusedRoots(), settled.asMono());
        new LoggedSearches(stored, Set.of("books"), new PipelineSettings.Batch(10, 1_000, 1), timer)
                .perform(Flux.just(searches).map(this::taken), (change, roots) -> {
                    heard.add("append " + roots.roots().size());
                    return appended.asMono();
                })
                .subscribe();
        timer.advanceTimeBy(Duration.ofMillis(1));
    }

    /** A document that was read before the change, and is not stored yet, must be found too. */
    @Test
    void waitsForWhatWasInTheLogThenSearchesThenAppendsThenIsDone() {
        perform(search("books", "1"), search("books", "2"), search("books", "3"));
        assertThat(heard).isEmpty();

        settled.tryEmitEmpty();
        assertThat(heard).containsExactly("refresh", "search [[1]]", "append 1");

        appended.tryEmitEmpty();
        timer.advanceTimeBy(Duration.ofMillis(1));
        assertThat(heard).startsWith("refresh", "search [[1]]", "append 1", "done");
        assertThat(heard).filteredOn("done"::equals).hasSize(3);
    }

    @Test
    void waitsWhileTheEngineIsAway() {
        failures = 3;
        settled.tryEmitEmpty();
        appended.tryEmitEmpty();

        perform(search("books", "1"));
        assertThat(heard).doesNotContain("done");
        timer.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(heard)
                .containsExactly("refresh", "refresh", "refresh", "refresh", "search [[1]]", "append 1", "done");
    }

    @Test
    void aSearchOfAnIndexThatIsNotFollowedFindsNothing() {
        settled.tryEmitEmpty();

        perform(search("gone", "1"));

        assertThat(heard).containsExactly("done");
    }
}
