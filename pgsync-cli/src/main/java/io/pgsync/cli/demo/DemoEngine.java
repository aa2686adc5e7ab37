package io.pgsync.cli.demo;

import io.pgsync.embedded.elasticsearch.EngineBuilder;
import io.pgsync.embedded.elasticsearch.EngineFamily;
import java.util.Optional;

/** The search engine that the demo starts; without a version, the one that the embedded servers prefer. */
public record DemoEngine(EngineFamily family, Optional<String> version) {
    EngineBuilder<?, ?> builder() {
        EngineBuilder<?, ?> builder = family.builder();
        version.ifPresent(builder::version);
        return builder;
    }

    String label() {
        return family.label();
    }
}
