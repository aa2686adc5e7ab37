package io.pgsync.embedded.postgres;

import io.pgsync.embedded.EmbeddedServerException;
import io.pgsync.embedded.ServerInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The data of one server, in the directory of its instance.
 *
 * @param binaries the programs that created it, and that run on it
 */
record DataDirectory(Path binaries, ServerInstance instance) {
    static final String USER = "postgres";

    private static final String NAME = "data";
    private static final String CONFIGURATION = NAME + "/postgresql.auto.conf";
    private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C", "TZ", "UTC");

    /** Runs initdb. */
    static DataDirectory create(Path binaries, ServerInstance instance, String password) {
        var data = new DataDirectory(binaries, instance);
        instance.createDirectory(NAME);
        var passwordFile = instance.write("password", password);
        try {
            data.initialise(passwordFile);
            Files.delete(passwordFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return data;
    }

    /** The server must not run. The copy has the same system identifier and the same log. */
    DataDirectory copyTo(ServerInstance other) {
        other.run(List.of("cp", "-Rp", path().toString(), other.directory().toString()), ENVIRONMENT);
        return new DataDirectory(binaries, other);
    }

    Path path() {
        return instance.directory().resolve(NAME);
    }

    void configure(int port, Map<String, String> settings) {
        instance.write(
                CONFIGURATION,
                ServerParameters.of(instance.directory(), port, settings).toConfigurationFile());
    }

    /**
     * Turns a copy into a standby, with the settings of the original. If a setting has several lines, the last one
     * counts.
     */
    void follow(PostgresServer primary, int port, Map<String, String> settings) {
        var own = ServerParameters.own(instance.directory(), port).with(settings);
        // The database is for the synchronization of slots.
        var connection = "host=%s port=%d user=%s password=%s dbname=postgres"
                .formatted(primary.host(), primary.port(), primary.user(), primary.password());
        try {
            var inherited = Files.readString(instance.directory().resolve(CONFIGURATION));
            instance.write(
                    CONFIGURATION,
                    inherited + own.with("primary_conninfo", connection).toConfigurationFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        instance.write(NAME + "/standby.signal", "");
    }

    void launch() {
        instance.launch(List.of(binary("postgres"), "-D", path().toString()), ENVIRONMENT);
    }

    /**
     * The condition that pg_ctl waits for: postmaster.pid begins with the process id and ends with the state. A killed
     * server leaves that file in place.
     */
    boolean isReady() {
        try {
            var lines = Files.readAllLines(path().resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(instance.pid()))
                    && lines.get(7).strip().equals("ready");
        } catch (IOException e) {
            return false;
        }
    }

    /** Not every system has the locale C.UTF-8: macOS and older glibc do not. */
    private void initialise(Path passwordFile) {
        try {
            instance.run(initdb(passwordFile, "C.UTF-8"), ENVIRONMENT);
        } catch (EmbeddedServerException e) {
            if (!e.toString().contains("invalid locale")) {
                throw e;
            }
            instance.run(initdb(passwordFile, "C"), ENVIRONMENT);
        }
    }

    private List<String> initdb(Path passwordFile, String locale) {
        return List.of(
                binary("initdb"),
                "--pgdata=" + path(),
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=" + locale,
                "--no-sync");
    }

    private String binary(String name) {
        return binaries.resolve(name).toString();
    }
}
