package io.pgsync.elasticsearch.bulk;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import java.io.IOException;
import java.util.List;
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
import org.openjdk.jmh.annotations.Setup;
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

    private InstantEngine engine;
    private Scheduler scheduler;
    private ElasticsearchConnection connection;
    private DocumentSink sink;
    private WriteBatch batch;
    private byte[] body;

    @Setup
    public void open() throws IOException {
        engine = new InstantEngine(DOCUMENTS);
        scheduler = Schedulers.newParallel("sink", 2);
        connection = ElasticsearchConnection.open(ElasticsearchSettings.of(engine.url()), scheduler);
        sink = new ElasticsearchOwnership(connection, BulkSettings.DEFAULT)
                .sink(new Destination("bookshop", 1, Optional.empty(), false));
        List<DocumentChange> changes = BulkBodyBenchmark.changes(DOCUMENTS);
        batch = new WriteBatch("bookshop", 1L << 44, changes);
        var encoder = new BulkEncoder(Optional.empty());
        body = BulkEncoder.body(changes.stream()
                .map(change -> encoder.item(change, batch.version()))
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
    public Integer sink() {
        return Flux.range(0, BATCHES)
                .flatMap(i -> sink.write(batch), inFlight)
                .map(WriteOutcome::stored)
                .reduce(Integer::sum)
                .block();
    }

    /** What the sink adds to this is its own. */
    @Benchmark
    @OperationsPerInvocation(DOCUMENTS * BATCHES)
    public Integer prebuiltBodies() {
        return Flux.range(0, BATCHES)
                .flatMap(i -> connection.send(request()), inFlight)
                .map(Answer::status)
                .reduce(Integer::sum)
                .block();
    }

    private Request request() {
        var request = new Request("POST", "/bookshop/_bulk");
        request.setEntity(new ByteArrayEntity(body, ContentType.create("application/x-ndjson")));
        return request;
    }
}
