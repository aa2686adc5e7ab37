package io.pgsync.cli.command;

import io.pgsync.cli.config.ConnectionOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach the database. As with PGSync, {@code -h} is the host and not help. */
final class DatabaseOptions {
    @Option(
            names = {"-h", "--host"},
            paramLabel = "HOST",
            description = "Database host (default: variable PG_HOST).")
    private Optional<String> host = Optional.empty();

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Database port (default: variable PG_PORT).")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER",
            description = "Database user (default: variable PG_USER).")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--password",
            interactive = true,
            arity = "0",
            prompt = "Password: ",
            description = "Ask for the database password (default: variable PG_PASSWORD).")
    private char @Nullable [] password;

    @Option(
            names = "--sslmode",
            paramLabel = "MODE",
            description = "allow, disable, prefer, require, verify-ca or verify-full (default: variable PG_SSLMODE).")
    private Optional<String> sslMode = Optional.empty();

    @Option(
            names = "--sslrootcert",
            paramLabel = "PATH",
            description = "Certificate that signed the server's (default: variable PG_SSLROOTCERT).")
    private Optional<String> sslRootCertificate = Optional.empty();

    ConnectionOptions connection() {
        return new ConnectionOptions(
                host, port, user, Optional.ofNullable(password).map(String::new), sslMode, sslRootCertificate);
    }
}
