package io.pgsync.cli.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The database connection on the command line. It overrides the variables, except PG_URL. */
public record ConnectionOptions(
        Optional<String> host,
        Optional<Integer> port,
        Optional<String> user,
        Optional<String> password,
        Optional<String> sslMode,
        Optional<String> sslRootCertificate) {
    public static final ConnectionOptions NONE = new ConnectionOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The same as variables, so that both are checked in one place. */
    public Map<String, String> asVariables() {
        var variables = new LinkedHashMap<String, String>();
        host.ifPresent(value -> variables.put(Setting.PG_HOST.name(), value));
        port.ifPresent(value -> variables.put(Setting.PG_PORT.name(), value.toString()));
        user.ifPresent(value -> variables.put(Setting.PG_USER.name(), value));
        password.ifPresent(value -> variables.put(Setting.PG_PASSWORD.name(), value));
        sslMode.ifPresent(value -> variables.put(Setting.PG_SSLMODE.name(), value));
        sslRootCertificate.ifPresent(value -> variables.put(Setting.PG_SSLROOTCERT.name(), value));
        return variables;
    }

    @Override
    public String toString() {
        return "ConnectionOptions[host=" + host + ", port=" + port + ", user=" + user + "]";
    }
}
