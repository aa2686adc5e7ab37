package io.pgsync.elasticsearch.bulk;

import io.pgsync.bench.stage.AssembleBenchmark;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Upsert;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Finished documents to the body of a bulk request; time for each document. In this package because the encoder is internal to it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class BulkBodyBenchmark {
    private static final int DOCUMENTS = 1_000;

    private final BulkEncoder encoder = new BulkEncoder(Optional.empty());
    private final List<DocumentChange> changes = changes(DOCUMENTS);

    static List<DocumentChange> changes(int documents) {
        return IntStream.rangeClosed(1, documents)
                .mapToObj(BulkBodyBenchmark::upsert)
                .toList();
    }

    @Benchmark
    @OperationsPerInvocation(DOCUMENTS)
    public byte[] encode() {
        long version = 1L << 44;
        return BulkEncoder.body(
                changes.stream().map(change -> encoder.item(change, version)).toList());
    }

    private static DocumentChange upsert(int n) {
        String id = Integer.toString(n);
        return new Upsert(
                new RootKey("bookshop", List.of(id)),
                id,
                Optional.empty(),
                AssembleBenchmark.FIELDS.getBytes(StandardCharsets.UTF_8));
    }
}
