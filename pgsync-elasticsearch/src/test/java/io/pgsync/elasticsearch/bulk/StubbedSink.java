package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Changes.batch;
import static io.pgsync.elasticsearch.StubbedConnection.PATIENCE;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import java.time.Duration;
import java.util.Optional;

/** The sink of generation 1 of the stub's index; it waits milliseconds where others wait seconds. */
public final class StubbedSink {
    private final DocumentSink sink;

    private StubbedSink(DocumentSink sink) {
        this.sink = sink;
    }

    public static StubbedSink of(ElasticsearchConnection connection) {
        return of(connection, BulkSettings.DEFAULT, new Destination("books", 1, Optional.empty(), false));
    }

    /** Of a later generation; earlier ones have written versions up to {@code known}. */
    static StubbedSink after(ElasticsearchConnection connection, long known) {
        var ownership = new ElasticsearchOwnership(connection, BulkSettings.DEFAULT);
        return new StubbedSink(ownership.sink(new Destination("books", 1, Optional.empty(), false), known));
    }

    static StubbedSink of(ElasticsearchConnection connection, BulkSettings settings, Destination destination) {
        var quick = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), () -> 0.5);
        var pauses = new BulkRoute.Pauses(quick, quick);
        return new StubbedSink(new ElasticsearchOwnership(connection, settings, pauses).sink(destination));
    }

    public WriteOutcome write(DocumentChange... changes) {
        return write(7, changes);
    }

    WriteOutcome write(long version, DocumentChange... changes) {
        return sink.write(batch("books", version, changes)).block(PATIENCE);
    }
}
