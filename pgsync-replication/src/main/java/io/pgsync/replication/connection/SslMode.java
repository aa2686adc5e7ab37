package io.pgsync.replication.connection;

import java.util.Locale;

/**
 * How a connection is encrypted, and how the server's certificate is checked; the same words as libpq's
 * {@code sslmode}.
 */
public enum SslMode {
    DISABLE,
    ALLOW,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL;

    /** Parses libpq's spelling: {@code verify-full}. */
    public static SslMode parse(String text) {
        for (SslMode mode : values()) {
            if (mode.toString().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("Unknown sslmode '" + text
                + "': expected one of disable, allow, prefer, require, verify-ca, verify-full");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
