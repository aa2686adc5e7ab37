package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.ServerInstance;
import java.util.Optional;

/**
 * A real OpenSearch node, see {@link EmbeddedEngine}.
 *
 * <p>The distribution is the one that the project publishes on Maven Central for integration tests. Version 2 is the
 * server without its modules, so without scripts, reindex and language analyzers; from 3.6 on it has them.
 */
public final class EmbeddedOpenSearch extends EmbeddedEngine {

    private EmbeddedOpenSearch(Program program, ServerInstance instance, NodeConfiguration configuration) {
        super(
                program,
                instance,
                configuration.url("http"),
                new HealthProbe(configuration.url("http"), Optional.empty(), Optional.empty()));
    }

    /** A server of the default {@link Builder#version}, on a free port. */
    public static Builder builder() {
        return new Builder();
    }

    /** Always empty: every client may do everything. */
    @Override
    public Optional<Login> login() {
        return Optional.empty();
    }

    /** Collects the choices; not safe for concurrent use. */
    public static final class Builder extends EngineBuilder<Builder, EmbeddedOpenSearch> {

        private Builder() {
            super(EngineFamily.OPENSEARCH);
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        EmbeddedOpenSearch configure(Program program, ServerInstance instance, NodeConfiguration configuration) {
            return new EmbeddedOpenSearch(program, instance, configuration);
        }
    }
}
