package io.pgsync.core.pipeline;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Xid;
import io.pgsync.core.document.DocumentReader;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.refusal.RefusalsInMemory;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A synchronizer that follows the document "shop" in virtual time, and what is heard of it. */
final class SynchronizerRun {
    /** An empty transaction. */
    static final ChangeEvent BEGIN = new Begin(new Xid(1), new Lsn(19), Instant.EPOCH);

    static final ChangeEvent COMMIT = new Commit(new Lsn(19), new Lsn(20), Instant.EPOCH);

    final States states = new States();
    final OwnedIndexes indexes = new OwnedIndexes();
    final RefusalsInMemory refusals = new RefusalsInMemory();

    /** Positions that are stored, faults that are told, and the end. */
    final List<String> heard = new ArrayList<>();

    /** The slots that were opened, the newest last. */
    final List<SlotInMemory> slots = new ArrayList<>();

    DocumentTree tree = Trees.nodes("{'table': 't'}", Tables.table("t", "id int4 pk"));
    PipelineSettings settings = PipelineSettings.DEFAULT;
    NothingLeft nothingLeft = NothingLeft.ENDS;
    DocumentReader documents = new GivenDocuments(roots -> List.of());
    IndexKeyLookup keys;
    Mono<Void> opening = Mono.empty();
    Mono<Void> closing = Mono.empty();
    Mono<Void> fence = Mono.empty();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Sinks.Empty<Void> stop = Sinks.empty();

    SynchronizerRun() {
        states.put(States.state("shop", 10));
        refusals.written = states.written;
    }

    /** Follows {@code streams}, each after the end of the one before. */
    void follow(List<Flux<ChangeEvent>> streams) {
        Iterator<Flux<ChangeEvent>> next = streams.iterator();
        new Synchronizer(
                        List.of(tree),
                        new SourcePorts(
                                opening.then(Mono.fromSupplier(() -> open(next.next()))),
                                xids -> fence,
                                SourceViews.NONE,
                                null,
                                documents,
                                SchemaWatch.NONE),
                        new IndexPorts(indexes, keys, states, (index, version, refused) -> Mono.empty(), refusals),
                        new PipelineContext(settings, listener(), time, nothingLeft))
                .run(stop.asMono())
                .subscribe(
                        position -> heard.add(position.toString()),
                        failure -> heard.add("failed " + failure.getMessage()),
                        () -> heard.add("complete"));
    }

    void follow(Flux<ChangeEvent> stream) {
        follow(List.of(stream));
    }

    private SlotInMemory open(Flux<ChangeEvent> stream) {
        SlotInMemory slot = states.source(10, stream);
        slot.closing = closing;
        slots.add(slot);
        return slot;
    }

    private PipelineListener listener() {
        return new PipelineListener() {
            @Override
            public void retrying(SyncException failure) {
                heard.add("retrying");
            }

            @Override
            public void withoutLog(SyncException failure) {
                heard.add("without log: " + failure.getMessage());
            }
        };
    }

    void pass(int seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    void pass(Duration passing) {
        time.advanceTimeBy(passing);
    }

    void stop() {
        stop.tryEmitEmpty();
    }

    void close() {
        time.dispose();
    }
}
