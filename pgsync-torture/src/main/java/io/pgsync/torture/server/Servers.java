package io.pgsync.torture.server;

import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.torture.truth.TrueDocument;
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

/** The two real servers that pgsync runs on, and what is asked of them past it. All methods block. */
public record Servers(PostgresServer postgres, ElasticsearchServer elasticsearch, HttpClient http) {
    private static final int MOST_DOCUMENTS = 10_000;

    /** Those that everything in this process shares; they end with it. */
    public static Servers shared() {
        return new Servers(PostgresServers.shared(), ElasticsearchServers.shared(), HttpClient.newHttpClient());
    }

    /** What pgsync finds them by. */
    public Map<String, String> environment() {
        return environment(postgres.port(), elasticsearch.url().getPort());
    }

    /** The same by way of other ports of theirs. */
    public Map<String, String> environment(int postgresPort, int elasticsearchPort) {
        var url = elasticsearch.url();
        return Map.of(
                "PG_HOST", postgres.host(),
                "PG_PORT", Integer.toString(postgresPort),
                "PG_USER", postgres.user(),
                "PG_PASSWORD", postgres.password(),
                "ELASTICSEARCH_URL", "%s://%s:%d".formatted(url.getScheme(), url.getHost(), elasticsearchPort));
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), postgres.user(), postgres.password());
    }

    /** The name in the schema file without {@code prefix}, of an index that may have a number behind the name. */
    public static String nameOf(String index, String prefix) {
        return index.substring(prefix.length()).replaceFirst("-\\d+$", "");
    }

    /** Every document of the indexes whose names begin with {@code prefix}, under their names without it. */
    public List<TrueDocument> documents(String prefix) throws IOException {
        return TrueDocument.ofHits(search(prefix), index -> nameOf(index, prefix));
    }

    /** The answer to a search that finds them all, with their versions. */
    public String search(String prefix) throws IOException {
        send("POST", "/" + prefix + "*/_refresh");
        return send("GET", "/" + prefix + "*/_search?version=true&size=" + MOST_DOCUMENTS)
                .body();
    }

    /** Writes everything to disk, whereupon the engine forgets what it deleted once it is started again. */
    public void flush(String prefix) throws IOException {
        send("POST", "/" + prefix + "*/_flush?force=true");
    }

    /** The names of the nodes that have the primary shards of the indexes whose names begin with {@code prefix}. */
    List<String> primaries(String prefix) throws IOException {
        return send("GET", "/_cat/shards/" + prefix + "*?h=prirep,state,node")
                .body()
                .lines()
                .map(line -> line.split("\\s+"))
                .filter(shard -> shard.length > 2 && shard[0].equals("p") && shard[1].equals("STARTED"))
                .map(shard -> shard[2])
                .toList();
    }

    public void removeIndexes(String prefix) throws IOException {
        var names = send("GET", "/_cat/indices/" + prefix + "*?h=index&expand_wildcards=all")
                .body();
        for (var name : names.lines().toList()) {
            send("DELETE", "/" + name.strip());
        }
    }

    private HttpResponse<String> send(String method, String path) throws IOException {
        return send(method, path, "");
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(elasticsearch.url() + path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while asking for " + path, e);
        }
    }
}
