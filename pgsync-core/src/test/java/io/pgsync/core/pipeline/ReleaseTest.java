package io.pgsync.core.pipeline;

import static io.pgsync.core.pipeline.SynchronizerRun.BEGIN;
import static io.pgsync.core.pipeline.SynchronizerRun.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The bytes of the log that a source has in memory are in use until the look-ups of their window are known. */
class ReleaseTest {
    private static final Relation ELSEWHERE =
            new Relation(1, new TableName("public", "elsewhere"), ReplicaIdentity.DEFAULT, List.of());
    private static final int ROW_BYTES = 480_000;

    private final SynchronizerRun run = new SynchronizerRun();

    @Test
    void rowsAreReleasedWhenTheirFenceIsOpenAndNotBefore() {
        Sinks.Empty<Void> fence = Sinks.empty();
        run.fence = fence.asMono();
        run.follow(Flux.just(BEGIN, row(), row(), row(), COMMIT).concatWith(Flux.never()));

        run.pass(1);
        assertThat(run.slots.get(0).releasedBytes).isZero();
        fence.tryEmitEmpty();
        run.pass(1);

        assertThat(run.slots.get(0).releasedBytes).isEqualTo(3L * ROW_BYTES);
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
}
