package io.pgsync.runtime.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Failed;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rows with number keys, and the documents that are made of them. */
final class RowsInMemory implements DocumentReader {
    static final String UNMADE = "unmade";

    static final String DROPPED = "dropped";

    /** By key; {@link #UNMADE} for what nobody can make, {@link #DROPPED} for what a plugin drops. */
    final TreeMap<Integer, String> built = new TreeMap<>();

    final List<List<Integer>> reads = new ArrayList<>();
    boolean hasMarks = true;

    /** The server fails on the question for their marks. */
    boolean areUnreadable;

    long estimate = -1;

    private final Map<Integer, String> marks = new HashMap<>();
    private final Consumer<String> look;
    private int writes;

    /** @param look hears of every look before it is answered */
    RowsInMemory(Consumer<String> look) {
        this.look = look;
    }

    /** As a new version. */
    void write(int key, String document) {
        built.put(key, document);
        marks.put(key, "row " + ++writes);
    }

    void delete(int key) {
        built.remove(key);
        marks.remove(key);
    }

    Optional<Map<String, String>> marks(Collection<RootKey> roots) {
        look.accept("rows");
        return areUnreadable
                ? Optional.empty()
                : Optional.of(roots.stream()
                        .map(RowsInMemory::number)
                        .filter(marks::containsKey)
                        .collect(Collectors.toMap(
                                String::valueOf, key -> hasMarks ? marks.get(key) : "", (one, same) -> one)));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        return Flux.defer(() -> {
            look.accept("read");
            reads.add(roots.stream().map(RowsInMemory::number).toList());
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
            look.accept("read");
            List<Integer> keys = built.keySet().stream()
                    .filter(key ->
                            range.after().map(after -> key > number(after)).orElse(true))
                    .filter(key -> range.last().map(last -> key <= number(last)).orElse(true))
                    .toList();
            reads.add(keys);
            return Flux.fromIterable(
                    keys.stream().map(RowsInMemory::root).map(this::change).toList());
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
                .map(RowsInMemory::root)
                .buffer(size);
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        return Mono.fromSupplier(() -> estimate < 0 ? built.size() : estimate);
    }
}
