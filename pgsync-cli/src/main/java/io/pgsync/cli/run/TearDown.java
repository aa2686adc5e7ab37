package io.pgsync.cli.run;

import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchStateStore;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes back what {@link Bootstrap} created, the indexes excepted. What is gone already is passed over. */
final class TearDown {
    private final SyncStateStore states;

    TearDown(ElasticsearchConnection engine) {
        this.states = new ElasticsearchStateStore(engine);
    }

    Mono<Void> run(List<Database> databases) {
        return Flux.fromIterable(databases).concatMap(this::tearDown).then();
    }

    private Mono<Void> tearDown(Database database) {
        // The states last: while there is one, a second try finds out what is still there.
        return new SourceSetup(database)
                .tearDown()
                .thenMany(Flux.fromIterable(database.trees()))
                .map(DocumentTree::index)
                .concatMap(states::delete)
                .then();
    }
}
