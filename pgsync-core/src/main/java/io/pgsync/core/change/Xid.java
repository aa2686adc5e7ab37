package io.pgsync.core.change;

/** A top-level transaction id as the log carries it: 32 bits, without the epoch. */
public record Xid(int value) {
    @Override
    public String toString() {
        return Integer.toUnsignedString(value);
    }
}
