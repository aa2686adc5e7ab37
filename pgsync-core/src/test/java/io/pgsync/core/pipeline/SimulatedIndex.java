package io.pgsync.core.pipeline;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.core.tree.DocumentTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * An engine whose writes arrive late, sometimes twice, also after the writer is gone. Its state store shares its delays.
 *
 * <p>It may forget its deletes, as an engine does that restarts. Then a write that is answered has nothing more under way, as the port
 * promises; else it may even arrive a second time after its answer.
 */
final class SimulatedIndex implements IndexOwnership, IndexKeyLookup, SyncStateStore {
    static final String UUID = "uuid";

    /** By id, deletes included. */
    final Map<String, Entry> stored = new TreeMap<>();

    /** The newest snapshot of which the engine took or refused a document, by id. */
    final Map<String, Integer> handled = new HashMap<>();

    private final Map<String, String> contentOfVersion = new HashMap<>();
    private final Map<String, Long> newestStored = new HashMap<>();
    private final SimulatedWorld world;
    private final boolean forgetful;
    private Map<String, Entry> searchable = Map.of();
    private StoredState state;
    private long owner;

    SimulatedIndex(SimulatedWorld world, SyncState initial, boolean forgetful) {
        this.world = world;
        this.forgetful = forgetful;
        this.state = new StoredState(initial, "0");
    }

    record Entry(long version, DocumentChange change) {
        boolean contains(String key) {
            return change instanceof Upsert upsert
                    && SimulatedDocuments.keys(upsert).contains(key);
        }
    }

    /** A document whose root is gone, as an earlier generation may leave it. */
    void addOrphan(String id) {
        var orphan = new Upsert(
                new RootKey("shop", List.of(id)), id, Optional.empty(), "orphan\n".getBytes(StandardCharsets.UTF_8));
        stored.put(id, new Entry(1, orphan));
    }

    SyncState state() {
        return state.state();
    }

    @Override
    public Mono<String> indexUuid(String index) {
        return Mono.just(UUID);
    }

    @Override
    public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
        return arrives(() -> {
            // A newer generation stays, however late the request of an older one arrives.
            owner = Math.max(owner, generation);
            return batch -> write(generation, batch);
        });
    }

    private Mono<WriteOutcome> write(long generation, WriteBatch batch) {
        return Mono.create(answer -> {
            boolean twice = world.random.nextInt(8) == 0;
            if (forgetful) {
                boolean held = world.random.nextInt(3) == 0;
                world.later(held ? 100 : 10, () -> {
                    if (twice) {
                        apply(generation, batch);
                    }
                    world.later(10, () -> applyAndAnswer(generation, batch, answer));
                });
                return;
            }
            if (twice) {
                world.later(60, () -> apply(generation, batch));
            }
            world.later(10, () -> applyAndAnswer(generation, batch, answer));
        });
    }

    private void applyAndAnswer(long generation, WriteBatch batch, MonoSink<WriteOutcome> answer) {
        Optional<WriteOutcome> outcome = apply(generation, batch);
        world.later(
                5,
                () -> outcome.ifPresentOrElse(
                        answer::success, () -> answer.error(new StateConflictException(batch.index()))));
    }

    private Optional<WriteOutcome> apply(long generation, WriteBatch batch) {
        if (generation != owner) {
            return Optional.empty();
        }
        var refused = new ArrayList<Refused>();
        int superseded = 0;
        for (DocumentChange change : batch.changes()) {
            if (world.log.isEmpty()) {
                checkOneContentPerVersion(batch.versionOf(change), change);
            }
            if (SimulatedDocuments.isRefused(change)) {
                refused.add(new Refused(change, 400, "mapper_parsing_exception", "poison"));
            } else if (stored.containsKey(change.id())
                    && stored.get(change.id()).version() > batch.versionOf(change)) {
                superseded++;
            } else {
                store(change.id(), new Entry(batch.versionOf(change), change));
            }
            handled.merge(change.id(), world.snapshotOf(change), Math::max);
        }
        return Optional.of(new WriteOutcome(batch.changes().size() - superseded - refused.size(), superseded, refused));
    }

    private void store(String id, Entry entry) {
        long newest = newestStored.merge(id, entry.version(), Math::max);
        // What a log gives again is read again, and as new as its version or newer.
        world.check(world.log.isPresent() || entry.version() == newest, "an older write undid a newer one of " + id);
        stored.put(id, entry);
        if (forgetful && entry.change() instanceof Delete) {
            world.later(10, () -> stored.remove(id, entry));
        }
    }

    private void checkOneContentPerVersion(long version, DocumentChange change) {
        String content = change instanceof Upsert upsert ? SimulatedDocuments.content(upsert) : "deleted";
        String other = contentOfVersion.putIfAbsent(change.id() + "@" + version, content);
        world.check(other == null || other.equals(content), "two contents of one version of " + change.id());
    }

    @Override
    public Mono<Void> refresh(DocumentTree tree) {
        return arrives(() -> searchable = Map.copyOf(stored)).then();
    }

    @Override
    public Flux<RootKey> rootsContaining(
            DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
        return search(tree, entry -> keys.stream().anyMatch(key -> entry.contains(table + ":" + key.get(0))));
    }

    @Override
    public Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns) {
        return search(
                tree,
                entry -> entry.change() instanceof Upsert upsert
                        && (table.equals("root")
                                || SimulatedDocuments.keys(upsert).stream()
                                        .anyMatch(key -> key.startsWith(table + ":"))));
    }

    private Flux<RootKey> search(DocumentTree tree, Predicate<Entry> wanted) {
        return arrives(() -> new TreeMap<>(searchable)
                        .entrySet().stream()
                                .filter(entry -> wanted.test(entry.getValue()))
                                .map(entry -> new RootKey(tree.index(), List.of(entry.getKey())))
                                .toList())
                .flatMapIterable(found -> found);
    }

    @Override
    public Mono<Optional<StoredState>> load(String index) {
        return arrives(() -> Optional.of(state));
    }

    @Override
    public Mono<StoredState> create(SyncState created) {
        return Mono.error(new StateConflictException(created.index()));
    }

    @Override
    public Mono<StoredState> replace(StoredState expected, SyncState next) {
        return Mono.create(answer -> world.later(5, () -> replace(expected, next, answer)));
    }

    private void replace(StoredState expected, SyncState next, MonoSink<StoredState> answer) {
        if (!expected.revision().equals(state.revision())) {
            world.later(5, () -> answer.error(new StateConflictException(next.index())));
            return;
        }
        StoredState written = new StoredState(next, Integer.toString(Integer.parseInt(state.revision()) + 1));
        state = written;
        world.later(5, () -> answer.success(written));
    }

    @Override
    public Mono<Void> delete(String index) {
        return Mono.empty();
    }

    private <T> Mono<T> arrives(Supplier<T> request) {
        return Mono.create(answer -> world.later(5, () -> {
            T result = request.get();
            world.later(5, () -> answer.success(result));
        }));
    }
}
