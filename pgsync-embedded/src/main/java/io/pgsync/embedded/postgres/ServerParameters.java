package io.pgsync.embedded.postgres;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The contents of an embedded server's configuration file: defaults for throw-away data, overridden by the user's
 * settings.
 */
record ServerParameters(Map<String, String> values) {

    // sun_path holds 108 bytes on Linux and 104 on macOS; the name of the socket itself takes up to 16 of them.
    private static final int LONGEST_SOCKET_DIRECTORY = 85;

    static ServerParameters of(Path directory, int port, Map<String, String> overrides) {
        var values = new LinkedHashMap<>(own(directory, port).values());
        values.put("wal_level", "logical");
        values.put("max_replication_slots", "20");
        values.put("max_wal_senders", "20");
        // The data are removed with the server, so nothing is gained from surviving a power failure.
        values.put("fsync", "off");
        values.put("full_page_writes", "off");
        values.putAll(overrides);
        return new ServerParameters(values);
    }

    /** The settings that differ between any two servers. */
    static ServerParameters own(Path directory, int port) {
        var values = new LinkedHashMap<String, String>();
        values.put("listen_addresses", EmbeddedPostgres.HOST);
        values.put("port", Integer.toString(port));
        values.put("unix_socket_directories", socketDirectory(directory));
        return new ServerParameters(values);
    }

    ServerParameters with(String name, String value) {
        return with(Map.of(name, value));
    }

    ServerParameters with(Map<String, String> others) {
        var more = new LinkedHashMap<>(values);
        more.putAll(others);
        return new ServerParameters(more);
    }

    private static String socketDirectory(Path directory) {
        var path = directory.toString();
        return path.length() <= LONGEST_SOCKET_DIRECTORY ? path : "";
    }

    String toConfigurationFile() {
        return values.entrySet().stream()
                .map(setting -> "%s = '%s'\n"
                        .formatted(setting.getKey(), setting.getValue().replace("'", "''")))
                .collect(Collectors.joining());
    }
}
