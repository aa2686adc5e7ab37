package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.SharedServer;

/** The Elasticsearch server that all tests of a JVM share; each test uses its own index names. */
public final class ElasticsearchServers {

    private static final SharedServer<ElasticsearchServer> SHARED = new SharedServer<>(
            "PGSYNC_TEST_ELASTICSEARCH_URL",
            GivenElasticsearch::at,
            () -> ContainerElasticsearch.start(),
            () -> EmbeddedElasticsearch.builder().start());

    private ElasticsearchServers() {}

    /**
     * Returns the shared server: the one of {@code PGSYNC_TEST_ELASTICSEARCH_URL}, a container if
     * {@code PGSYNC_TEST_SERVERS=testcontainers}, else an embedded one without security. It ends with the JVM; do not close it.
     */
    public static ElasticsearchServer shared() {
        return SHARED.get();
    }
}
