package io.pgsync.replication.replica;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A server whose documents have its name in them, and which tells what was read from it. */
final class ServerInMemory implements DocumentReader {
    static final RootKey ONE = new RootKey("shop", List.of("1"));
    static final RootKey TWO = new RootKey("shop", List.of("2"));

    final List<List<RootKey>> reads = new ArrayList<>();
    final Replica replica;

    ReplicaState state = new ReplicaState(true, "1", 1, new Lsn(0));
    boolean isAway;
    /** In place of the documents, by the number of the read. */
    Function<Integer, Flux<DocumentChange>> answer = read -> documents(reads.get(read));

    private final String name;

    ServerInMemory(String name) {
        this.name = name;
        this.replica = new Replica(
                name,
                Mono.defer(() -> isAway ? Mono.error(new IllegalStateException("away")) : Mono.just(state)),
                this);
    }

    void replays(long position) {
        state = new ReplicaState(state.isStandby(), state.systemIdentifier(), state.timeline(), new Lsn(position));
    }

    Flux<DocumentChange> documents(List<RootKey> roots) {
        return Flux.fromIterable(roots).map(this::document);
    }

    DocumentChange document(RootKey root) {
        return new Upsert(
                root,
                root.key().get(0),
                Optional.empty(),
                ("{\"from\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        return Flux.defer(() -> {
            reads.add(roots);
            return answer.apply(reads.size() - 1);
        });
    }

    /** A range has both. */
    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        return read(tree, List.of(ONE, TWO));
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        return Flux.empty();
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return Flux.empty();
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        return Mono.just(2L);
    }
}
