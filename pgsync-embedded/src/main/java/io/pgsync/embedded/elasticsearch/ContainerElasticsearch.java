package io.pgsync.embedded.elasticsearch;

import java.net.URI;
import java.util.Optional;
import org.testcontainers.elasticsearch.ElasticsearchContainer;

/** A server in a Docker container; needs the optional dependency testcontainers-elasticsearch. */
record ContainerElasticsearch(ElasticsearchContainer container) implements ElasticsearchServer {

    static ElasticsearchServer start() {
        var container = new ElasticsearchContainer(
                "docker.elastic.co/elasticsearch/elasticsearch:" + EngineFamily.ELASTICSEARCH.defaultVersion());
        container.addEnv("xpack.security.enabled", "false");
        container.start();
        return new ContainerElasticsearch(container);
    }

    @Override
    public URI url() {
        return URI.create("http://" + container.getHttpHostAddress());
    }

    @Override
    public Optional<Login> login() {
        return Optional.empty();
    }

    @Override
    public void close() {
        container.stop();
    }
}
