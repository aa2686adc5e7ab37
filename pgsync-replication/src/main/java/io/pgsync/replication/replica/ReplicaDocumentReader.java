package io.pgsync.replication.replica;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.replica.ReplicaRead.Left;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads documents from replicas that show what is required, and from the primary where none does in time. Keys are listed on the primary, and
 * trees with materialized views are read there: a replica shows their refresh at a time of its own. Safe from any thread.
 */
public final class ReplicaDocumentReader implements DocumentReader {
    private final DocumentReader primary;
    private final Replicas replicas;
    private final AtomicReference<Optional<RequiredPosition>> told;
    private final Mono<RequiredPosition> required;
    private final Mono<RequiredPosition> present;

    private ReplicaDocumentReader(
            DocumentReader primary,
            Replicas replicas,
            AtomicReference<Optional<RequiredPosition>> told,
            Mono<RequiredPosition> required,
            Mono<RequiredPosition> present) {
        this.primary = primary;
        this.replicas = replicas;
        this.told = told;
        this.required = required;
        this.present = present;
    }

    /** For the stream: a read shows what {@link #require} was told. {@code server}: the primary. */
    public static DocumentReader following(DocumentReader primary, Replicas replicas, PostgresConnections server) {
        return following(primary, replicas, present(server));
    }

    static DocumentReader following(DocumentReader primary, Replicas replicas, Mono<RequiredPosition> present) {
        var told = new AtomicReference<Optional<RequiredPosition>>(Optional.empty());
        return new ReplicaDocumentReader(
                primary, replicas, told, Mono.fromSupplier(told::get).flatMap(Mono::justOrEmpty), present);
    }

    /** For comparisons: a read shows everything that was committed before it began. {@code server}: the primary, which is asked each time. */
    public static DocumentReader ofThePresent(DocumentReader primary, Replicas replicas, PostgresConnections server) {
        return new ReplicaDocumentReader(
                primary, replicas, new AtomicReference<>(Optional.empty()), present(server), present(server));
    }

    private static Mono<RequiredPosition> present(PostgresConnections server) {
        return ServerIdentity.read(server).map(RequiredPosition::now);
    }

    @Override
    public Mono<Void> requirePresent() {
        return present.doOnNext(this::require).then();
    }

    @Override
    public void require(SourceIdentity source, Lsn position) {
        require(RequiredPosition.of(source, position));
    }

    private void require(RequiredPosition next) {
        told.updateAndGet(
                known -> Optional.of(known.map(before -> before.or(next)).orElse(next)));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        return read(tree, (reader, settled) -> {
            List<RootKey> rest = settled.isEmpty()
                    ? roots
                    : roots.stream().filter(root -> !settled.contains(root)).toList();
            return rest.isEmpty() ? Flux.empty() : reader.read(tree, rest);
        });
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        return read(
                tree, (reader, settled) -> reader.read(tree, range).filter(change -> !settled.contains(change.root())));
    }

    private Flux<DocumentChange> read(DocumentTree tree, Left left) {
        return replicaFor(tree)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMapMany(found -> found.map(
                                choice -> new ReplicaRead(left, roots -> primary.read(tree, roots), primary)
                                        .from(choice.replica(), choice.required()))
                        .orElseGet(() -> left.from(primary, Set.of())));
    }

    private record Choice(Replica replica, RequiredPosition required) {}

    private Mono<Choice> replicaFor(DocumentTree tree) {
        return hasMaterializedView(tree)
                ? Mono.empty()
                : required.flatMap(
                        position -> replicas.thatShows(position).map(replica -> new Choice(replica, position)));
    }

    private static boolean hasMaterializedView(DocumentTree tree) {
        return tree.tables().stream().anyMatch(table -> table.kind() == Kind.MATERIALIZED_VIEW);
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        return primary.ranges(tree, after, size);
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return primary.matching(tree, condition, after, size);
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        return primary.estimatedRoots(tree);
    }
}
