package io.pgsync.replication.stream;

import io.pgsync.replication.connection.PostgresSettings;
import java.util.UUID;

/** Application names that tell one stream's process on the server from all others. They begin with the name of the settings. */
final class WalsenderName {
    /** The server cuts names at 63 bytes, and writes other characters than those of ASCII in its own way. */
    private static final int LONGEST_PREFIX = 45;

    private static final int MARK = 16;

    private WalsenderName() {}

    static String next(PostgresSettings settings) {
        String prefix = settings.applicationName().replaceAll("[^ -~]", "?");
        String mark = UUID.randomUUID().toString().replace("-", "").substring(0, MARK);
        return prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)) + " " + mark;
    }
}
