package io.pgsync.cli.torture;

import io.pgsync.elasticsearch.embedded.EmbeddedElasticsearch;
import io.pgsync.replication.embedded.EmbeddedPostgres;
import io.pgsync.replication.embedded.StopMode;
import java.net.http.HttpClient;

/**
 * Servers of one run alone, which may be stopped and started. Elasticsearch has so little room that it answers with real 429s and 413s.
 * All methods block; not for concurrent use.
 */
public final class OwnServers implements AutoCloseable {
    private final EmbeddedPostgres postgres;
    private final EmbeddedElasticsearch elasticsearch;
    private final Servers servers;

    private OwnServers(EmbeddedPostgres postgres, EmbeddedElasticsearch elasticsearch) {
        this.postgres = postgres;
        this.elasticsearch = elasticsearch;
        this.servers = new Servers(postgres, elasticsearch, HttpClient.newHttpClient());
    }

    public static OwnServers start() {
        var elasticsearch = EmbeddedElasticsearch.builder()
                .setting("node.processors", "1")
                .setting("thread_pool.write.queue_size", "1")
                .setting("http.max_content_length", "2mb")
                .start();
        try {
            return new OwnServers(EmbeddedPostgres.builder().start(), elasticsearch);
        } catch (RuntimeException e) {
            elasticsearch.close();
            throw e;
        }
    }

    Servers servers() {
        return servers;
    }

    void restartPostgres() {
        postgres.stop(StopMode.FAST);
        postgres.start();
    }

    void crashPostgres() {
        postgres.kill();
        postgres.start();
    }

    void crashElasticsearch() {
        elasticsearch.kill();
        elasticsearch.start();
    }

    @Override
    public void close() {
        postgres.close();
        elasticsearch.close();
    }
}
