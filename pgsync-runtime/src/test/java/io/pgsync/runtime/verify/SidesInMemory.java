package io.pgsync.runtime.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.lookup.StoredCopy;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.elasticsearch.lookup.WrittenIds.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two sides with number keys, and what happens to them while they are looked at. */
final class SidesInMemory implements Sides, DocumentReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String UNMADE = "unmade";

    static final String DROPPED = "dropped";

    /** What the source has, by key; {@link #UNMADE} for what nobody can make, {@link #DROPPED} for what a plugin drops. */
    final TreeMap<Integer, String> built = new TreeMap<>();

    private final Map<Integer, String> rowMarks = new HashMap<>();
    private final TreeMap<String, StoredCopy> stored = new TreeMap<>();
    final List<List<Integer>> reads = new ArrayList<>();
    final List<List<String>> repairs = new ArrayList<>();
    final List<String> unrepairable = new ArrayList<>();
    /** By the repair. */
    final List<String> refusedLater = new ArrayList<>();

    final List<String> refused = new ArrayList<>();
    StoredForm form = StoredForm.WHOLE;
    boolean hasMarks = true;
    boolean rowsFail;
    boolean slowMarks;
    /** In the order in which they were answered. */
    final List<String> looks = new CopyOnWriteArrayList<>();

    int waits;
    long estimate = -1;
    /** Happens before the look of that name: {@code marks}, {@code rows}, {@code read}, {@code stored}, {@code caughtUp}. */
    final Map<String, Runnable> before = new HashMap<>();

    private int writes;

    /** As it must be. */
    void both(int key, String document) {
        row(key, document);
        store(Integer.toString(key), document);
    }

    /** Writes the row, as a new version. */
    void row(int key, String document) {
        built.put(key, document);
        rowMarks.put(key, "row " + ++writes);
    }

    void unrow(int key) {
        built.remove(key);
        rowMarks.remove(key);
    }

    void store(String id, String document) {
        stored.put(id, new StoredCopy(id, "write " + ++writes, 1, Optional.of(json(document))));
    }

    void storeTwice(String id) {
        StoredCopy copy = stored.get(id);
        stored.put(id, new StoredCopy(id, copy.mark() + " twice", 2, copy.source()));
    }

    void unstore(String id) {
        stored.remove(id);
    }

    boolean has(String id) {
        return stored.containsKey(id);
    }

    private void happens(String look) {
        before.getOrDefault(look, () -> {}).run();
        looks.add(look);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Override
    public DocumentReader source() {
        return this;
    }

    @Override
    public Mono<Optional<Map<String, String>>> rows(Collection<RootKey> roots) {
        return Mono.fromSupplier(() -> {
            happens("rows");
            return rowsFail
                    ? Optional.empty()
                    : Optional.of(roots.stream()
                            .map(SidesInMemory::number)
                            .filter(rowMarks::containsKey)
                            .collect(Collectors.toMap(
                                    String::valueOf, key -> hasMarks ? rowMarks.get(key) : "", (one, same) -> one)));
        });
    }

    @Override
    public Mono<StoredForm> form() {
        return Mono.just(form);
    }

    @Override
    public Flux<String> ids() {
        return Flux.defer(() -> Flux.fromIterable(List.copyOf(stored.keySet())));
    }

    @Override
    public Mono<Long> lastWrite() {
        return Mono.fromSupplier(() -> numbers().isEmpty() ? -1 : numbers().lastKey());
    }

    /** A copy's mark ends with its write number. */
    private TreeMap<Long, String> numbers() {
        var numbers = new TreeMap<Long, String>();
        stored.values().forEach(copy -> numbers.put(Long.parseLong(copy.mark().split(" ")[1]), copy.id()));
        return numbers;
    }

    @Override
    public Mono<Page> written(long from, long to, int size) {
        return Mono.fromSupplier(() -> {
            happens("written");
            var found = new ArrayList<>(numbers().subMap(from, true, to, true).entrySet());
            List<String> ids =
                    found.stream().limit(size).map(Map.Entry::getValue).toList();
            return new Page(ids, found.size() > size ? found.get(size).getKey() : to + 1);
        });
    }

    @Override
    public Mono<Map<String, StoredCopy>> stored(Collection<String> ids, boolean withSource) {
        return Mono.fromSupplier(() -> {
            happens("stored");
            return found(ids, withSource);
        });
    }

    @Override
    public Mono<Map<String, StoredCopy>> marks(Collection<String> ids) {
        Mono<Map<String, StoredCopy>> marks = Mono.fromSupplier(() -> {
            happens("marks");
            return found(ids, false);
        });
        return slowMarks ? Mono.delay(Duration.ofMillis(20)).then(marks) : marks;
    }

    private Map<String, StoredCopy> found(Collection<String> ids, boolean withSource) {
        return ids.stream()
                .distinct()
                .filter(stored::containsKey)
                .map(stored::get)
                .map(copy ->
                        withSource ? copy : new StoredCopy(copy.id(), copy.mark(), copy.copies(), Optional.empty()))
                .collect(Collectors.toMap(StoredCopy::id, copy -> copy));
    }

    @Override
    public Mono<SyncState> comparable() {
        return Mono.fromSupplier(() -> {
            happens("comparable");
            return state();
        });
    }

    private SyncState state() {
        return StatesInMemory.state("books", 10).withRefused(refused);
    }

    @Override
    public Mono<SyncState> caughtUp() {
        return Mono.fromSupplier(() -> {
            waits++;
            happens("caughtUp");
            return state();
        });
    }

    @Override
    public Mono<Void> repair(List<String> ids) {
        return Mono.fromRunnable(() -> {
            repairs.add(ids);
            refused.addAll(refusedLater);
            ids.stream().filter(id -> !unrepairable.contains(id)).forEach(id -> {
                String document = built.get(Integer.parseInt(id));
                if (document == null) {
                    unstore(id);
                } else {
                    store(id, document);
                }
            });
        });
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        return Flux.defer(() -> {
            happens("read");
            reads.add(roots.stream().map(SidesInMemory::number).toList());
            return Flux.fromIterable(roots).concatMapIterable(this::changes);
        });
    }

    /** The row of a key that is written in another form has another id, and under this one there is none. */
    private List<DocumentChange> changes(RootKey root) {
        RootKey plain = root(number(root));
        return plain.equals(root)
                ? List.of(change(root))
                : List.of(change(plain), new Delete(root, root.key().get(0)));
    }

    private static int number(RootKey root) {
        return Integer.parseInt(root.key().get(0));
    }

    private DocumentChange change(RootKey root) {
        String id = root.key().get(0);
        String document = built.get(number(root));
        if (document == null || document.equals(DROPPED)) {
            return new Delete(root, id);
        }
        return document.equals(UNMADE)
                ? new Failed(root, id, new byte[0], "source_failure", "no")
                : new Upsert(
                        root, id, Optional.empty(), document.replace('\'', '"').getBytes(UTF_8));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        return Flux.defer(() -> {
            happens("read");
            List<Integer> keys = built.keySet().stream()
                    .filter(key ->
                            range.after().map(after -> key > number(after)).orElse(true))
                    .filter(key -> range.last().map(last -> key <= number(last)).orElse(true))
                    .toList();
            reads.add(keys);
            return Flux.fromIterable(
                    keys.stream().map(SidesInMemory::root).map(this::change).toList());
        });
    }

    private static int number(List<String> key) {
        return Integer.parseInt(key.get(0));
    }

    static RootKey root(int key) {
        return new RootKey("books", List.of(Integer.toString(key)));
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        return range(after, size).expand(range -> range.last().isEmpty() ? Mono.empty() : range(range.last(), size));
    }

    private Mono<KeyRange> range(Optional<List<String>> after, int size) {
        return Mono.fromSupplier(() -> {
            List<Integer> keys = after.isEmpty()
                    ? List.copyOf(built.keySet())
                    : List.copyOf(built.tailMap(number(after.get()), false).keySet());
            return new KeyRange(
                    after,
                    keys.size() < size ? Optional.empty() : Optional.of(List.of(Integer.toString(keys.get(size - 1)))));
        });
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return Flux.fromIterable(List.copyOf(built.keySet()))
                .map(SidesInMemory::root)
                .buffer(size);
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        return Mono.fromSupplier(() -> estimate < 0 ? built.size() : estimate);
    }
}
