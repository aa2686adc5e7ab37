package io.pgsync.bench.stage;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.RowChange.RowUpdated;
import io.pgsync.replication.pgoutput.PgOutputDecoder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Bytes of the replication stream to events; time for each updated row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DecodeBenchmark {
    private static final int ROWS = 1_000;
    private static final int KEY = 0;

    private final PgOutputDecoder decoder = new PgOutputDecoder();
    private List<byte[]> transaction = List.of();

    @Setup
    public void announceTable() {
        transaction = PgOutputMessages.transaction(0x16B374D848L, ROWS);
        decoder.decode(transaction.get(0));
        decoder.decode(PgOutputMessages.relation());
        decoder.decode(transaction.get(transaction.size() - 1));
    }

    /** As the pipeline does for a change of a root: of the columns only the key is looked at. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void rowWithKey(Blackhole blackhole) {
        for (byte[] message : transaction) {
            Optional<ChangeEvent> event = decoder.decode(message);
            if (event.isPresent() && event.get() instanceof RowUpdated updated) {
                blackhole.consume(updated.after().value(KEY));
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void rowWithAllColumns(Blackhole blackhole) {
        for (byte[] message : transaction) {
            Optional<ChangeEvent> event = decoder.decode(message);
            if (event.isPresent() && event.get() instanceof RowUpdated updated) {
                for (int i = 0; i < updated.after().size(); i++) {
                    blackhole.consume(updated.after().value(i));
                }
            }
        }
    }
}
