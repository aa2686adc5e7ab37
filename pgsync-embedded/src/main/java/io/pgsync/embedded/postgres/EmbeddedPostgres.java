package io.pgsync.embedded.postgres;

import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.DownloadListener;
import io.pgsync.embedded.LoopbackPort;
import io.pgsync.embedded.ServerCertificate;
import io.pgsync.embedded.ServerInstance;
import io.pgsync.embedded.StopSignal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A real PostgreSQL server as a child process, ready for logical replication, on a free port of 127.0.0.1 and in a temporary directory
 * that goes away with it. Works for ordinary users and for root, under Linux and macOS. All methods block; not for concurrent use,
 * except {@link #close}.
 *
 * <pre>{@code
 * try (var postgres = EmbeddedPostgres.builder().majorVersion(17).setting("wal_sender_timeout", "5s").start()) {
 *     postgres.createDatabase("shop");
 *     connectTo(postgres.url("shop"));
 * }
 * }</pre>
 */
public final class EmbeddedPostgres implements PostgresServer {
    /** The version of servers for which nobody names another one. */
    public static final int NEWEST_MAJOR = PostgresBinaries.NEWEST_MAJOR;

    static final String HOST = "127.0.0.1";

    private static final Duration START_TIME = Duration.ofMinutes(2);
    private static final Duration STOP_TIME = Duration.ofMinutes(1);

    private final ServerInstance instance;
    private final DataDirectory data;
    private final String password;
    private final Optional<ServerCertificate> certificate;
    private final int port = LoopbackPort.free();

    private EmbeddedPostgres(
            ServerInstance instance, DataDirectory data, String password, Optional<ServerCertificate> certificate) {
        this.instance = instance;
        this.data = data;
        this.password = password;
        this.certificate = certificate;
    }

    /** A server of the newest version, on a free port. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String host() {
        return HOST;
    }

    /** The same through all stops and starts. */
    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return DataDirectory.USER;
    }

    @Override
    public String password() {
        return password;
    }

    /** The certificate to trust, in PEM; present on an encrypted server. */
    public Optional<Path> certificate() {
        return certificate.map(ServerCertificate::certificate);
    }

    /** Starts the server again on its data; throws if it runs. */
    public void start() {
        data.launch();
        instance.awaitReady(data::isReady, START_TIME);
    }

    /**
     * Stops the server and keeps its data and port; does nothing if the server does not run. Kills it after a minute.
     */
    public void stop(StopMode mode) {
        instance.stop(mode.signal(), STOP_TIME);
    }

    /** Stops fast and starts again, with the same data and port. Blocks. */
    public void restart() {
        stop(StopMode.FAST);
        start();
    }

    /**
     * Kills all processes of the server at once, as a crash would. Its shared memory (some kilobytes) is released by
     * the next {@link #start}, not by {@link #close}.
     */
    public void kill() {
        instance.stop(StopSignal.KILL, Duration.ZERO);
    }

    /** Whether its process is alive. */
    public boolean isRunning() {
        return instance.isRunning();
    }

    /**
     * Makes a standby that follows this server, on another port: stops this server, copies its data, starts both again.
     * The standby asks for the log that it lacks, so a primary needs a {@code wal_keep_size} if it writes much while
     * the standby is stopped.
     */
    public EmbeddedPostgres standby() {
        return standby(Map.of());
    }

    /** The same with settings of its own. */
    public EmbeddedPostgres standby(Map<String, String> settings) {
        var copy = ServerInstance.create("postgres", StopSignal.QUIT);
        try {
            stop(StopMode.FAST);
            var standby = new EmbeddedPostgres(copy, data.copyTo(copy), password, certificate);
            start();
            standby.data.follow(this, standby.port, settings);
            standby.start();
            return standby;
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /** Makes a standby a primary, on a new timeline. Its old primary goes on and is told nothing. */
    public void promote() {
        Databases.run(this, "SELECT pg_promote()");
    }

    /** Ends the server and removes its data; further calls do nothing. */
    @Override
    public void close() {
        instance.close();
    }

    /** Collects the choices; not safe for concurrent use. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private int majorVersion = PostgresBinaries.NEWEST_MAJOR;
        private String password = randomPassword();
        private boolean encrypted;
        private Optional<Lsn> walStart = Optional.empty();
        private DownloadListener downloadListener = DownloadListener.SILENT;

        private Builder() {}

        /** 14 to 18; by default the newest. */
        public Builder majorVersion(int major) {
            this.majorVersion = major;
            return this;
        }

        /** A line of postgresql.conf; it overrides the defaults of this class. The port cannot be chosen. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** The superuser's password; by default a random one. */
        public Builder password(String password) {
            this.password = password;
            return this;
        }

        /** Offers TLS; plain connections are still accepted. See {@link EmbeddedPostgres#certificate()}. */
        public Builder encrypted() {
            this.encrypted = true;
            return this;
        }

        /**
         * The log begins a little after the start of the segment (16 MiB) that holds {@code position}, as on a server
         * that has written that much. By default it begins where initdb ends, a little after 0/1000000.
         */
        public Builder walStart(Lsn position) {
            this.walStart = Optional.of(position);
            return this;
        }

        /** {@code listener} is told about the download of the binaries, on the thread that calls {@link #start}. */
        public Builder onDownload(DownloadListener listener) {
            this.downloadListener = listener;
            return this;
        }

        /**
         * Fetches the binaries if necessary, creates the data directory, starts the server and waits until it accepts
         * connections.
         */
        public EmbeddedPostgres start() {
            var binaries = PostgresBinaries.directory(majorVersion, downloadListener);
            var instance = ServerInstance.create("postgres", StopSignal.QUIT);
            try {
                var certificate = encrypted
                        ? Optional.of(ServerCertificate.create(instance, "tls"))
                        : Optional.<ServerCertificate>empty();
                certificate.ifPresent(this::offerTls);
                var data = DataDirectory.create(binaries, instance, password);
                walStart.ifPresent(new WalReset(data.path())::to);
                var server = new EmbeddedPostgres(instance, data, password, certificate);
                data.configure(server.port, settings);
                server.start();
                return server;
            } catch (RuntimeException e) {
                instance.close();
                throw e;
            }
        }

        private void offerTls(ServerCertificate own) {
            settings.put("ssl", "on");
            settings.put("ssl_cert_file", own.certificate().toString());
            settings.put("ssl_key_file", own.key().toString());
        }

        private static String randomPassword() {
            var bytes = new byte[12];
            new SecureRandom().nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }
    }
}
