package io.pgsync.cli.run;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.http.HttpEndpoints;
import io.pgsync.runtime.report.FollowedDatabase;
import java.util.List;
import java.util.Optional;

/** The HTTP server of a run, if one is wanted. */
final class Endpoints implements AutoCloseable {
    private final Optional<HttpEndpoints> server;

    private Endpoints(Optional<HttpEndpoints> server) {
        this.server = server;
    }

    /** Listens at once, if the settings name a port. */
    static Endpoints open(Settings settings, List<FollowedDatabase> databases) {
        return new Endpoints(
                settings.isGiven(Setting.PGSYNC_HTTP_PORT)
                        ? Optional.of(listening(settings, databases))
                        : Optional.empty());
    }

    private static HttpEndpoints listening(Settings settings, List<FollowedDatabase> databases) {
        String host = settings.required(Setting.PGSYNC_HTTP_HOST);
        int port = settings.integer(Setting.PGSYNC_HTTP_PORT);
        try {
            return HttpEndpoints.open(host, port, databases);
        } catch (RuntimeException e) {
            String reason = "PGSYNC_HTTP_PORT: cannot listen at %s:%d, %s".formatted(host, port, e.getMessage());
            throw new ConfigurationException(List.of(reason));
        }
    }

    @Override
    public void close() {
        server.ifPresent(HttpEndpoints::close);
    }
}
