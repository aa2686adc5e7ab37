package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.ServerCertificate;
import io.pgsync.embedded.ServerInstance;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A real Elasticsearch node, see {@link EmbeddedEngine}.
 *
 * <p>The distribution is the one that Elastic publishes on Maven Central for integration tests: the server with only a
 * few of its modules, so no scripts, no reindex, no language analyzers, and 405 for {@code GET /}.
 */
public final class EmbeddedElasticsearch extends EmbeddedEngine {

    private final Optional<Login> login;
    private final Optional<ServerCertificate> certificate;

    private EmbeddedElasticsearch(
            Program program,
            ServerInstance instance,
            URI url,
            Optional<Login> login,
            Optional<ServerCertificate> certificate) {
        super(program, instance, url, new HealthProbe(url, login, certificate));
        this.login = login;
        this.certificate = certificate;
    }

    /** A server of the default {@link Builder#version}, on a free port. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<Login> login() {
        return login;
    }

    /** A user with a valid login and no rights; present on a secured server. */
    public Optional<Login> guest() {
        return login.map(Security::guest);
    }

    /** The certificate to trust, in PEM; present on a secured server. */
    public Optional<Path> certificate() {
        return certificate.map(ServerCertificate::certificate);
    }

    /**
     * The private key of {@link #certificate()}, in PKCS #8 PEM: with both, a client may also present that certificate.
     */
    public Optional<Path> key() {
        return certificate.map(ServerCertificate::key);
    }

    /** Collects the choices; not safe for concurrent use. */
    public static final class Builder extends EngineBuilder<Builder, EmbeddedElasticsearch> {

        private boolean secured;
        private boolean clientCertificate;

        private Builder() {
            super(EngineFamily.ELASTICSEARCH);
        }

        @Override
        Builder self() {
            return this;
        }

        /** With TLS and a user: see {@link #login()} and {@link #certificate()}. */
        public Builder secured() {
            this.secured = true;
            return this;
        }

        /** As {@link #secured()}, but only for clients that present {@link #certificate()}. */
        public Builder requireClientCertificate() {
            this.clientCertificate = true;
            return secured();
        }

        /** Not for secured servers: their nodes would need certificates for each other as well. */
        @Override
        public EmbeddedCluster startCluster(int nodes) {
            if (secured) {
                throw new IllegalStateException("A cluster cannot be secured");
            }
            return super.startCluster(nodes);
        }

        @Override
        EmbeddedElasticsearch configure(Program program, ServerInstance instance, NodeConfiguration configuration) {
            var login = secured ? Optional.of(Security.randomLogin()) : Optional.<Login>empty();
            var certificate = login.map(user -> Security.secure(instance, configuration, user));
            if (clientCertificate) {
                certificate.ifPresent(own -> Security.requireClientCertificate(configuration, own));
            }
            return new EmbeddedElasticsearch(
                    program, instance, configuration.url(secured ? "https" : "http"), login, certificate);
        }
    }
}
