package io.pgsync.embedded.elasticsearch;

import java.io.IOException;

/** Started as a JVM of its own by {@link EmbeddedElasticsearchLifetimeIT}: owns a server until its input ends. */
final class ElasticsearchOwner {

    private ElasticsearchOwner() {}

    public static void main(String[] args) throws IOException {
        EmbeddedElasticsearch.builder().start();
        System.out.println("ready");
        System.in.read();
    }
}
