package io.pgsync.elasticsearch.bulk;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Finished documents through the whole sink, to an engine that answers at once, beside prebuilt bodies over the same
 * connection; time for each document.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SinkBenchmark {
    private static final int DOCUMENTS = 1_000;
    private static final int BATCHES = 8;

    @Param({"1", "2"})
    private int inFlight;

    private final InstantEngine engine = new InstantEngine(DOCUMENTS);
    private final Scheduler scheduler = Schedulers.newParallel("sink", 2);
    private final ElasticsearchConnection connection =
            ElasticsearchConnection.open(ElasticsearchSettings.of(engine.url()), scheduler);
    private final DocumentSink sink = new ElasticsearchOwnership(connection, BulkSettings.DEFAULT)
            .sink(new Destination("bookshop", 1, Optional.empty(), false));
    private final WriteBatch batch = new WriteBatch("bookshop", 1L << 44, BulkBodyBenchmark.changes(DOCUMENTS));
    private final byte[] body = prebuilt(batch);

    private static byte[] prebuilt(WriteBatch batch) {
        var encoder = new BulkEncoder(Optional.empty());
        return BulkEncoder.body(batch.changes().stream()
                .map(change -> encoder.item(change, batch.versionOf(change)))
                .toList());
    }

    @TearDown
    public void close() {
        connection.close();
        scheduler.dispose();
        engine.close();
    }

    @Benchmark
    @OperationsPerInvocation(DOCUMENTS * BATCHES)
    public Optional<Integer> sink() {
        return Flux.range(0, BATCHES)
                .flatMap(i -> sink.write(batch), inFlight)
                .map(WriteOutcome::stored)
                .reduce(Integer::sum)
                .blockOptional();
    }

    /** What the sink adds to this is its own. */
    @Benchmark
    @OperationsPerInvocation(DOCUMENTS * BATCHES)
    public Optional<Integer> prebuiltBodies() {
        return Flux.range(0, BATCHES)
                .flatMap(i -> connection.send(request()), inFlight)
                .map(Answer::status)
                .reduce(Integer::sum)
                .blockOptional();
    }

    private Request request() {
        var request = new Request("POST", "/bookshop/_bulk");
        request.setEntity(new ByteArrayEntity(body, ContentType.create("application/x-ndjson")));
        return request;
    }
}
