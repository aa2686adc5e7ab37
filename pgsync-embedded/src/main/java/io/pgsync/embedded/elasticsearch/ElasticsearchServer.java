package io.pgsync.embedded.elasticsearch;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A search engine that tests may use: Elasticsearch, or OpenSearch, which takes the same requests. All methods block. */
public interface ElasticsearchServer extends AutoCloseable {

    /** Keeps the indexes of one JVM apart; see {@link #freshIndexName}. */
    AtomicInteger INDEX_COUNTER = new AtomicInteger();

    /** {@code http://host:port} or {@code https://host:port}, without credentials. */
    URI url();

    /** Empty if the server needs no login. */
    Optional<Login> login();

    /** Releases the server; one that somebody else started keeps running. */
    @Override
    void close();

    /** Returns an index name that no other test uses, on this server or in another run against it. */
    default String freshIndexName(String prefix) {
        return "%s-%d-%d".formatted(prefix, ProcessHandle.current().pid(), INDEX_COUNTER.incrementAndGet());
    }

    /** A user of the server, with every right. */
    record Login(String user, String password) {

        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }
}
