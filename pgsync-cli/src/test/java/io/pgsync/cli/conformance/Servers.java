package io.pgsync.cli.conformance;

import io.pgsync.cli.truth.TrueDocument;
import io.pgsync.elasticsearch.embedded.ElasticsearchServer;
import io.pgsync.replication.embedded.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The two real servers that a fixture runs on. */
record Servers(PostgresServer postgres, ElasticsearchServer elasticsearch, HttpClient http) {
    private static final int MOST_DOCUMENTS = 10_000;

    /** What pgsync finds them by. */
    Map<String, String> environment() {
        return Map.of(
                "PG_URL", postgres.url(PostgresServer.MAINTENANCE_DATABASE),
                "ELASTICSEARCH_URL", elasticsearch.url().toString());
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), postgres.user(), postgres.password());
    }

    /** Every document of the indexes whose names begin with {@code prefix}, under their names without it. */
    List<TrueDocument> documents(String prefix) throws IOException {
        send("POST", "/" + prefix + "*/_refresh");
        var answer = send("GET", "/" + prefix + "*/_search?size=" + MOST_DOCUMENTS);
        return TrueDocument.ofHits(answer.body(), prefix);
    }

    void removeIndexes(String prefix) throws IOException {
        var names = send("GET", "/_cat/indices/" + prefix + "*?h=index&expand_wildcards=all")
                .body();
        for (var name : names.lines().toList()) {
            send("DELETE", "/" + name.strip());
        }
    }

    private HttpResponse<String> send(String method, String path) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(elasticsearch.url() + path))
                .method(method, BodyPublishers.noBody())
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
