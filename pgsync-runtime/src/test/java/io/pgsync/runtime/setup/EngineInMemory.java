package io.pgsync.runtime.setup;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** An engine that tells what is done to it; its one index is there if it existed before. */
final class EngineInMemory implements TargetEngine {
    private final List<String> done;
    Mono<Void> check;
    Mono<Void> addKeys;
    Mono<Void> unrouted = Mono.empty();
    Optional<String> unseen = Optional.empty();
    boolean existed;
    String uuid = "uuid";
    long newest;
    Runnable whenCreating = () -> {};

    EngineInMemory(List<String> done) {
        this.done = done;
        this.check = does("engine is there");
        this.addKeys = does("add keys to books");
    }

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

    private Mono<Void> does(String what) {
        return Mono.fromRunnable(() -> done.add(what));
    }
}
