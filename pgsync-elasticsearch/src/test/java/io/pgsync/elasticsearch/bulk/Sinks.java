package io.pgsync.elasticsearch.bulk;

import static io.pgsync.elasticsearch.Engine.PATIENCE;

import io.pgsync.core.sink.DocumentSink;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.Engine;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Takes indexes over without a tree, for which their mapping would have to be proven. */
public final class Sinks {
    private Sinks() {}

    public static DocumentSink takeOver(Engine engine, String index, long generation) {
        return takeOver(engine, new Destination(index, generation, Optional.empty(), false));
    }

    static DocumentSink takeOver(Engine engine, Destination destination) {
        return takingOver(engine, destination).block(PATIENCE);
    }

    static Mono<DocumentSink> takingOver(Engine engine, Destination destination) {
        return new ElasticsearchOwnership(engine.connection(), BulkSettings.DEFAULT).takeOver(destination);
    }
}
