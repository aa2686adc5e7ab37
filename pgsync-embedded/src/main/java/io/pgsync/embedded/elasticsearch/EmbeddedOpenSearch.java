package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.ServerArchive;
import io.pgsync.embedded.ServerCertificate;
import io.pgsync.embedded.ServerInstance;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A real OpenSearch node, see {@link EmbeddedEngine}.
 *
 * <p>The distribution is the one that the project publishes on Maven Central for integration tests. Version 2 is the
 * server without its modules, so without scripts, reindex and language analyzers; from 3.6 on it has them.
 */
public final class EmbeddedOpenSearch extends EmbeddedEngine {

    private final Optional<ServerCertificate> certificate;

    private EmbeddedOpenSearch(
            Program program, ServerInstance instance, URI url, Optional<ServerCertificate> certificate) {
        super(program, instance, url, new HealthProbe(url, login(certificate), certificate));
        this.certificate = certificate;
    }

    /** A server of the default {@link Builder#version}, on a free port. */
    public static Builder builder() {
        return new Builder();
    }

    /** Empty unless the server is secured: every client may do everything. */
    @Override
    public Optional<Login> login() {
        return login(certificate);
    }

    private static Optional<Login> login(Optional<ServerCertificate> certificate) {
        return certificate.map(secured -> SecurityPlugin.LOGIN);
    }

    /** A user with a valid login and no rights; present on a secured server. */
    public Optional<Login> guest() {
        return login().map(login -> new Login(SecurityPlugin.GUEST, login.password()));
    }

    /** The certificate to trust, in PEM; present on a secured server. */
    public Optional<Path> certificate() {
        return certificate.map(ServerCertificate::certificate);
    }

    /** Collects the choices; not safe for concurrent use. */
    public static final class Builder extends EngineBuilder<Builder, EmbeddedOpenSearch> {

        private boolean secured;

        private Builder() {
            super(EngineFamily.OPENSEARCH);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * With the Security plugin, which is fetched too: TLS and a user, see {@link #login()} and
         * {@link #certificate()}. Tried with version 2.19.3.
         */
        public Builder secured() {
            this.secured = true;
            return this;
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
        Path unpacked(ServerArchive server, DownloadListener listener) {
            return secured ? SecurityPlugin.unpacked(server, listener) : super.unpacked(server, listener);
        }

        @Override
        EmbeddedOpenSearch configure(Program program, ServerInstance instance, NodeConfiguration configuration) {
            return new EmbeddedOpenSearch(
                    program,
                    instance,
                    configuration.url(secured ? "https" : "http"),
                    secured
                            ? Optional.of(SecurityPlugin.secure(program.distribution(), instance, configuration))
                            : Optional.empty());
        }
    }
}
