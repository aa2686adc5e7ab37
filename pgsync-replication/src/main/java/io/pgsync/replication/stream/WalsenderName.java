package io.pgsync.replication.stream;

import io.pgsync.replication.connection.PostgresSettings;
import java.util.UUID;

/**
 * Application names that distinguish the server's process of one stream from all others. They begin with the name in
 * the settings.
 */
final class WalsenderName {
    /** The server cuts names to 63 bytes, and replaces characters that are not ASCII. */
    private static final int LONGEST_PREFIX = 45;

    private static final int MARK = 16;

    private WalsenderName() {}

    static String next(PostgresSettings settings) {
        String prefix = settings.applicationName().replaceAll("[^ -~]", "?");
        String mark = UUID.randomUUID().toString().replace("-", "").substring(0, MARK);
        return prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)) + " " + mark;
    }
}
