package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.SharedServer;

/** The search engine that all tests of a JVM share; each test uses its own index names. */
public final class ElasticsearchServers {

    private static final SharedServer<ElasticsearchServer> SHARED = new SharedServer<>(
            "PGSYNC_TEST_ELASTICSEARCH_URL",
            GivenElasticsearch::at,
            () -> ContainerElasticsearch.start(),
            ElasticsearchServers::embedded);

    private ElasticsearchServers() {}

    /**
     * Returns the shared server: the one of {@code PGSYNC_TEST_ELASTICSEARCH_URL}, a container if
     * {@code PGSYNC_TEST_SERVERS=testcontainers}, else an embedded one without security, which is OpenSearch where the system property
     * {@code pgsync.test.opensearch} names its version. It ends with the JVM; do not close it.
     */
    public static ElasticsearchServer shared() {
        return SHARED.get();
    }

    private static ElasticsearchServer embedded() {
        return sharedFamily().builder().start();
    }

    /** Whose servers tests run on unless they say otherwise. */
    public static EngineFamily sharedFamily() {
        return System.getProperty(EngineFamily.OPENSEARCH.property()) == null
                ? EngineFamily.ELASTICSEARCH
                : EngineFamily.OPENSEARCH;
    }
}
