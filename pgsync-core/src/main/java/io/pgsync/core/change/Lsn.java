package io.pgsync.core.change;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A log sequence number: a byte position in the write-ahead log, compared as an unsigned number. */
public record Lsn(long value) implements Comparable<Lsn> {
    /** Before every position: nothing was received or stored. */
    public static final Lsn ZERO = new Lsn(0);

    private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /** Parses the server's form, two hexadecimal halves: {@code 16/B374D848}. */
    public static Lsn parse(String text) {
        Matcher halves = FORM.matcher(text);
        if (!halves.matches()) {
            throw new IllegalArgumentException("Not an LSN: '" + text + "' (expected the form 16/B374D848)");
        }
        return new Lsn(Long.parseLong(halves.group(1), 16) << 32 | Long.parseLong(halves.group(2), 16));
    }

    /** Strictly after; positions are unsigned. */
    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    /** Bytes of log from {@code earlier} to this position; negative if it is not earlier. */
    public long bytesSince(Lsn earlier) {
        return value - earlier.value;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xFFFF_FFFFL);
    }
}
