package io.pgsync.embedded.kafka;

import io.pgsync.embedded.SharedServer;

/** The broker that all tests of a JVM share; each test uses topics and groups of its own. */
public final class KafkaServers {
    private static final SharedServer<String> SHARED = new SharedServer<>(
            "PGSYNC_TEST_KAFKA_URL",
            url -> url.getHost() + ":" + url.getPort(),
            KafkaServers::inContainer,
            () -> EmbeddedKafka.start().bootstrapServers());

    private KafkaServers() {}

    /**
     * Where the shared broker is, as clients take it: the one of {@code PGSYNC_TEST_KAFKA_URL} ({@code kafka://host:port}), else an embedded
     * one. It ends with the JVM.
     */
    public static String shared() {
        return SHARED.get();
    }

    /** There is none for containers yet: the embedded one needs no more than Java. */
    private static String inContainer() {
        return EmbeddedKafka.start().bootstrapServers();
    }
}
