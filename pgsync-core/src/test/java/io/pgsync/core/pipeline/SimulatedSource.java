package io.pgsync.core.pipeline;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.change.Xid;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.tree.DocumentTree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A database whose transactions enter the log first and become visible later, each in its own time. */
final class SimulatedSource implements VisibilityFence, SourceKeyLookup, DocumentReader {
    static final SourceIdentity IDENTITY = new SourceIdentity("42", 1, "shop", "pgsync");

    final SimulatedTables visible = new SimulatedTables();
    final List<Transaction> log = new ArrayList<>();
    private final SimulatedWorld world;
    private final List<Sinks.Many<ChangeEvent>> readers = new ArrayList<>();
    private Lsn confirmed = Lsn.ZERO;
    private int snapshot;

    SimulatedSource(SimulatedWorld world) {
        this.world = world;
    }

    /** {@code apply} makes it visible. */
    final class Transaction {
        final Lsn end = new Lsn((log.size() + 1) * 100L);
        final List<ChangeEvent> changes;
        final Consumer<SimulatedTables> apply;
        boolean isVisible;
        int visibleSince;
        List<String> affected = List.of();

        Transaction(List<ChangeEvent> changes, Consumer<SimulatedTables> apply) {
            this.changes = changes;
            this.apply = apply;
        }

        Xid xid() {
            return new Xid((int) end.value());
        }

        Stream<ChangeEvent> events() {
            return Stream.of(
                            Stream.of(new Begin(xid(), end, Instant.EPOCH)),
                            changes.stream(),
                            Stream.of(new Commit(end, end, Instant.EPOCH)))
                    .flatMap(s -> s);
        }

        private void becomeVisible() {
            var before = visible.documents();
            apply.accept(visible);
            var after = visible.documents();
            isVisible = true;
            visibleSince = ++snapshot;
            affected = Stream.concat(before.keySet().stream(), after.keySet().stream())
                    .distinct()
                    .filter(id -> !Objects.equals(before.get(id), after.get(id)))
                    .toList();
        }
    }

    void commit(Transaction transaction) {
        log.add(transaction);
        List.copyOf(readers).forEach(reader -> transaction.events().forEach(reader::tryEmitNext));
        world.later(30, transaction::becomeVisible);
    }

    Lsn confirmed() {
        return confirmed;
    }

    private Lsn written() {
        return log.isEmpty() ? confirmed : log.get(log.size() - 1).end;
    }

    Mono<ChangeSource> open() {
        return Mono.<ChangeSource>fromSupplier(Session::new).delayElement(world.time(), world.timer);
    }

    /** One replication connection. What it queued for the server is lost when it closes. */
    private final class Session implements ChangeSource {
        private final Sinks.Many<ChangeEvent> events = Sinks.many().unicast().onBackpressureBuffer();
        private final SourcePosition position = new SourcePosition(IDENTITY, confirmed, written());

        @Override
        public SourcePosition position() {
            return position;
        }

        @Override
        public Flux<ChangeEvent> changes() {
            log.stream()
                    .filter(t -> t.end.isAfter(position.confirmed()))
                    .flatMap(Transaction::events)
                    .forEach(events::tryEmitNext);
            readers.add(events);
            return events.asFlux();
        }

        @Override
        public Mono<Void> acknowledge(Lsn end) {
            return Mono.fromRunnable(() -> world.later(3, () -> {
                if (readers.contains(events)) {
                    world.checkStoredUpTo(end);
                    confirmed = end.isAfter(confirmed) ? end : confirmed;
                }
            }));
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(() -> readers.remove(events));
        }
    }

    @Override
    public Mono<Void> awaitVisible(Collection<Xid> committed) {
        return Mono.defer(() -> log.stream().anyMatch(t -> !t.isVisible && committed.contains(t.xid()))
                ? Mono.delay(Duration.ofMillis(1), world.timer).then(awaitVisible(committed))
                : Mono.empty());
    }

    @Override
    public Flux<RootKey> rootsAbove(PathToRoot path, Start start, List<List<String>> values) {
        return asked(() -> visible.rootsAbove(path, start, values).stream().map(id -> key(path.tree(), id)));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, List<RootKey> roots) {
        return asked(() -> roots.stream().map(root -> document(root)));
    }

    @Override
    public Flux<DocumentChange> read(DocumentTree tree, KeyRange range) {
        return asked(() -> ids(range.after(), range.last()).map(id -> document(key(tree, id))));
    }

    private DocumentChange document(RootKey root) {
        DocumentChange change =
                SimulatedDocuments.change(root, visible.document(root.key().get(0)));
        return world.readAt(snapshot, change);
    }

    @Override
    public Flux<KeyRange> ranges(DocumentTree tree, Optional<List<String>> after, int size) {
        return next(after, size).expand(range -> range.last().isEmpty() ? Mono.empty() : next(range.last(), size));
    }

    private Mono<KeyRange> next(Optional<List<String>> after, int size) {
        return asked(() -> Stream.of(new KeyRange(
                        after,
                        ids(after, Optional.empty()).skip(size - 1).findFirst().map(List::of))))
                .next();
    }

    @Override
    public Flux<List<RootKey>> matching(DocumentTree tree, String condition, Optional<List<String>> after, int size) {
        return page(tree, after, size)
                .expand(roots -> roots.size() < size
                        ? Mono.empty()
                        : page(tree, Optional.of(roots.get(size - 1).key()), size));
    }

    /** Whatever the condition, every root matches. */
    private Mono<List<RootKey>> page(DocumentTree tree, Optional<List<String>> after, int size) {
        return asked(() -> ids(after, Optional.empty()).limit(size).map(id -> key(tree, id)))
                .collectList();
    }

    private Stream<String> ids(Optional<List<String>> after, Optional<List<String>> last) {
        return List.copyOf(visible.of(SimulatedTables.ROOT).keySet()).stream()
                .filter(id -> after.isEmpty() || id.compareTo(after.get().get(0)) > 0)
                .filter(id -> last.isEmpty() || id.compareTo(last.get().get(0)) <= 0);
    }

    @Override
    public Mono<Long> estimatedRoots(DocumentTree tree) {
        return Mono.just(0L);
    }

    /** The statement reaches the server, takes its snapshot, and the answer travels back. */
    private <T> Flux<T> asked(Supplier<Stream<T>> statement) {
        return Mono.delay(world.time(), world.timer)
                .map(tick -> statement.get().toList())
                .delayElement(world.time(), world.timer)
                .flatMapIterable(answer -> answer);
    }

    private static RootKey key(DocumentTree tree, String id) {
        return new RootKey(tree.index(), List.of(id));
    }
}
