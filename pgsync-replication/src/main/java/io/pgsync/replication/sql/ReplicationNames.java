package io.pgsync.replication.sql;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.regex.Pattern;

/**
 * Names for replication commands, which can neither quote nor escape: the characters that the server allows for slots
 * are allowed here for all names.
 */
public final class ReplicationNames {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9_]{1,63}");

    private ReplicationNames() {}

    /**
     * Returns {@code name}; if it is not allowed, fails with STOP and a message that calls it a {@code kind} ("slot",
     * for example).
     */
    public static String require(String kind, String name) {
        if (!ALLOWED.matcher(name).matches()) {
            throw new SyncException(
                    Remedy.STOP,
                    "'%s' is not a valid %s name: use 1 to 63 lower-case letters, digits and underscores"
                            .formatted(name, kind));
        }
        return name;
    }
}
