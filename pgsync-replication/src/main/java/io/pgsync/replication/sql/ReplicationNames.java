package io.pgsync.replication.sql;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.regex.Pattern;

/** Names that go into replication commands, which neither quote nor escape: what the server allows for slots is allowed for all. */
public final class ReplicationNames {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9_]{1,63}");

    private ReplicationNames() {}

    /** Returns {@code name}; fails with STOP, calling it a {@code kind} (as "slot"), when it is not allowed. */
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
