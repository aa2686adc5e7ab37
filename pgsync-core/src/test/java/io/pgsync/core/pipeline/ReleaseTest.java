package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.change.Xid;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The bytes of the log that a source has in memory are in use until the look-ups of their window are known. */
class ReleaseTest {
    private static final DocumentTree TREE = Trees.nodes("{'table': 't'}", Tables.table("t", "id int4 pk"));
    private static final Relation ELSEWHERE =
            new Relation(1, new TableName("public", "elsewhere"), ReplicaIdentity.DEFAULT, List.of());
    private static final int ROW_BYTES = 480_000;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final States states = new States();
    private final Sinks.Empty<Void> fence = Sinks.empty();
    private long released;

    @Test
    void rowsAreReleasedWhenTheirFenceIsOpenAndNotBefore() {
        states.put(
                new SyncState("shop", "uuid", States.IDENTITY, 1, "f", BackfillProgress.DONE, new Lsn(10), List.of()));
        Flux<ChangeEvent> rows = Flux.<ChangeEvent>just(
                        new Begin(new Xid(1), new Lsn(19), Instant.EPOCH), row(), row(), row())
                .concatWithValues(new Commit(new Lsn(19), new Lsn(20), Instant.EPOCH));
        new Synchronizer(
                        List.of(TREE),
                        new SourcePorts(
                                Mono.fromSupplier(() -> source(rows.concatWith(Flux.never()))),
                                xids -> fence.asMono(),
                                SourceViews.NONE,
                                null,
                                null,
                                SchemaWatch.NONE),
                        new IndexPorts(ownership(), null, states, null),
                        new PipelineContext(PipelineSettings.DEFAULT, PipelineListener.NONE, time))
                .run(Mono.never())
                .subscribe();

        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(released).isZero();
        fence.tryEmitEmpty();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(released).isEqualTo(3L * ROW_BYTES);
    }

    private static RowInserted row() {
        return new RowInserted(ELSEWHERE, new Row() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public ColumnValue value(int index) {
                return new Text("x");
            }

            @Override
            public long footprint() {
                return ROW_BYTES;
            }
        });
    }

    private ChangeSource source(Flux<ChangeEvent> changes) {
        ChangeSource inMemory = states.source(10, changes);
        return new ChangeSource() {
            @Override
            public SourcePosition position() {
                return inMemory.position();
            }

            @Override
            public Flux<ChangeEvent> changes() {
                return changes;
            }

            @Override
            public void release(long bytes) {
                released += bytes;
            }

            @Override
            public Mono<Void> acknowledge(Lsn end) {
                return inMemory.acknowledge(end);
            }

            @Override
            public Mono<Void> close() {
                return inMemory.close();
            }
        };
    }

    private static IndexOwnership ownership() {
        return new IndexOwnership() {
            @Override
            public Mono<String> indexUuid(String index) {
                return Mono.just("uuid");
            }

            @Override
            public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
                return Mono.just(batch -> Mono.empty());
            }
        };
    }
}
