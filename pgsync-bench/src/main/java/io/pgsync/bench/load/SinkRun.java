package io.pgsync.bench.load;

import io.pgsync.bench.load.Report.Goal;
import io.pgsync.bench.load.Report.Section;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * One engine: the same documents into new indexes, by the raw client and by the sink in turn, so that both meet the
 * same state of server, machine and disk.
 */
final class SinkRun {
    private static final String INDEX = "shelf";
    private static final String DEFINITION = """
            {"settings": {"index": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}},
             "mappings": {"dynamic": "false", "properties": {
               "title": {"type": "text"}, "isbn": {"type": "keyword"}, "price": {"type": "double"},
               "published": {"type": "date"}, "authors": {"properties": {"name": {"type": "text"}}}}}}""";
    private static final String BLURB = "All that a reader may want to know before the first page. ".repeat(8);

    private final URI url;
    private final Engine engine;
    private final Section section;

    SinkRun(URI url, Section section) {
        this.url = url;
        this.engine = new Engine(url);
        this.section = section;
    }

    void run(int documents, int rounds, int warmUp) throws IOException, SQLException {
        List<Upsert> shelf =
                IntStream.range(0, documents).mapToObj(SinkRun::book).toList();
        BulkBodies bodies = bodies(shelf);
        section.add("size of a document", (double) bodies.bytes() / documents, "bytes");
        for (int stored = 0; stored < warmUp; stored += documents) {
            raw(bodies);
            sink(shelf);
        }
        var raw = new ArrayList<Double>();
        var sink = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            raw.add(raw(bodies));
            sink.add(sink(shelf));
        }
        section.add("limit: raw bulk", median(raw), "documents/s");
        section.add("sink", median(sink), "documents/s");
        section.add("sink / raw bulk", median(sink) / median(raw), "", Goal.AT_LEAST, 0.9);
    }

    private static Upsert book(int n) {
        String id = Integer.toString(n);
        String source = """
                {"id":%d,"isbn":"978-%09d","title":"The Book of %d and Other Numbers","price":%d.%02d,"published":"20%02d-0%d-1%d",\
                "authors":[{"name":"Author %d"},{"name":"Author %d"}],"blurb":"%s"}""".formatted(n, n, n, n % 90, n % 100, n % 26, 1 + n % 9, n % 9, n % 997, n % 1009, BLURB);
        return new Upsert(
                new RootKey(INDEX, List.of(id)), id, Optional.empty(), source.getBytes(StandardCharsets.UTF_8));
    }

    private static BulkBodies bodies(List<Upsert> shelf) {
        var bodies = new BulkBodies.Builder();
        shelf.forEach(bodies::add);
        return bodies.build();
    }

    private double raw(BulkBodies bodies) throws IOException, SQLException {
        try (var index = ScratchIndex.of(engine, INDEX, DEFINITION)) {
            return complete(index, bodies.documents(), Rate.of(() -> new RawBulk(engine).post(index, bodies)));
        }
    }

    private double sink(List<Upsert> shelf) throws IOException, SQLException {
        var settings = ElasticsearchSettings.of(url.toString());
        try (var index = ScratchIndex.of(engine, INDEX, DEFINITION);
                var connection = ElasticsearchConnection.open(settings, Schedulers.parallel())) {
            DocumentSink sink = Objects.requireNonNull(new ElasticsearchOwnership(connection, BulkSettings.DEFAULT)
                    .takeOver(INDEX, 1)
                    .block());
            Rate rate = Rate.of(() -> Flux.fromIterable(shelf)
                    .buffer(BulkBodies.DOCUMENTS_PER_REQUEST)
                    .index()
                    .map(batch -> new WriteBatch(INDEX, 1 + batch.getT1(), List.copyOf(batch.getT2())))
                    .flatMap(sink::write, RawBulk.IN_FLIGHT)
                    .reduce(0, (sum, outcome) -> sum + outcome.stored())
                    .blockOptional()
                    .orElseThrow());
            return complete(index, shelf.size(), rate);
        }
    }

    /** The documents per second, when all of them are there. */
    private static double complete(ScratchIndex index, int documents, Rate rate) throws IOException {
        if (rate.documents() != documents || index.count() != documents) {
            throw new IOException("Of %d documents, %d were stored and the index has %d"
                    .formatted(documents, rate.documents(), index.count()));
        }
        return rate.perSecond();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
