package io.pgsync.runtime.reindex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Indexes and their aliases in memory; tells what was done, in order. */
final class EngineInMemory implements ReindexEngine {
    final List<String> done = new ArrayList<>();
    /** Index by name; an index has itself. */
    final Map<String, String> names = new HashMap<>();

    static EngineInMemory of(String... indexes) {
        var engine = new EngineInMemory();
        for (String index : indexes) {
            engine.names.put(index, index);
        }
        return engine;
    }

    EngineInMemory alias(String name, String index) {
        names.put(name, index);
        return this;
    }

    @Override
    public Mono<Optional<String>> indexOf(String name) {
        return Mono.fromSupplier(() -> Optional.ofNullable(names.get(name)));
    }

    @Override
    public Mono<Void> give(String name, String index) {
        return does("give " + name + " to " + index, () -> names.put(name, index));
    }

    @Override
    public Mono<Void> refresh(String index) {
        return does("refresh " + index, () -> {});
    }

    @Override
    public Mono<Void> ready(String index) {
        return does("ready " + index, () -> {});
    }

    @Override
    public Mono<Void> delete(String index) {
        return does("delete " + index, () -> names.values().removeIf(index::equals));
    }

    @Override
    public Mono<String> uuid(String index) {
        return Mono.fromSupplier(() -> names.get(index)).map(there -> "uuid-" + there);
    }

    @Override
    public Mono<Map<String, String>> histories(String index) {
        return Mono.just(Map.of("0", "h-" + index));
    }

    @Override
    public Mono<Void> copy(String index, String clone) {
        return does("copy " + index + " to " + clone, () -> names.put(clone, clone));
    }

    @Override
    public Mono<Void> replace(String index, String clone) {
        return does("replace " + index + " by " + clone, () -> names.put(index, clone));
    }

    private Mono<Void> does(String what, Runnable effect) {
        return Mono.fromRunnable(() -> {
            done.add(what);
            effect.run();
        });
    }
}
