package io.pgsync.bench.load;

import io.pgsync.embedded.elasticsearch.EmbeddedElasticsearch;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The two servers: given ones, else embedded ones that end with this object. */
record Servers(PostgresAccess postgres, URI elasticsearch, List<Runnable> ends) implements AutoCloseable {
    private static final String HEAP = "1g";

    /** Starts what is not given; blocks until it answers. */
    static Servers start(Optional<URI> postgresUrl, Optional<URI> elasticsearchUrl) {
        var ends = new ArrayList<Runnable>();
        try {
            PostgresAccess postgres = postgresUrl.map(PostgresAccess::parse).orElseGet(() -> embeddedPostgres(ends));
            URI elasticsearch = elasticsearchUrl.orElseGet(() -> embeddedElasticsearch(ends));
            return new Servers(postgres, elasticsearch, ends);
        } catch (RuntimeException e) {
            ends.forEach(Runnable::run);
            throw e;
        }
    }

    private static PostgresAccess embeddedPostgres(List<Runnable> ends) {
        var server = EmbeddedPostgres.builder().start();
        ends.add(server::close);
        return PostgresAccess.to(server);
    }

    private static URI embeddedElasticsearch(List<Runnable> ends) {
        var server = EmbeddedElasticsearch.builder().heap(HEAP).fullSpeed().start();
        ends.add(server::close);
        return server.url();
    }

    @Override
    public void close() {
        var newestFirst = new ArrayList<>(ends);
        Collections.reverse(newestFirst);
        newestFirst.forEach(Runnable::run);
    }
}
