package io.pgsync.cli.run;

import io.pgsync.cli.config.ConfigurationException;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.http.HttpEndpoints;
import io.pgsync.runtime.report.FollowedDatabase;
import java.util.List;
import java.util.Optional;

/** The HTTP server of a run, where one is wanted. */
final class Endpoints implements AutoCloseable {
    private final Optional<HttpEndpoints> server;

    /** Listens from now on, if the settings name a port. */
    Endpoints(Settings settings, List<FollowedDatabase> databases) {
        this.server =
                settings.isGiven(Setting.PGSYNC_HTTP_PORT) ? Optional.of(open(settings, databases)) : Optional.empty();
    }

    private static HttpEndpoints open(Settings settings, List<FollowedDatabase> databases) {
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
