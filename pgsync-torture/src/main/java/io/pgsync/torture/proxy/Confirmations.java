package io.pgsync.torture.proxy;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Overhears what pgsync confirms to the server: the flush position of a standby status update, the CopyData message of 38 bytes that
 * "Streaming Replication Protocol" in the PostgreSQL manual describes. Safe from any thread.
 */
public final class Confirmations {
    private static final int LENGTH = 38;
    private static final int FLUSH = 1 + Integer.BYTES + 1 + Long.BYTES;

    private final AtomicLong highest = new AtomicLong();

    /** Bytes on their way to the server. */
    public void overhear(byte[] buffer, int length) {
        var bytes = ByteBuffer.wrap(buffer, 0, length);
        for (int at = 0; at + 1 + LENGTH <= length; at++) {
            if (bytes.get(at) == 'd' && bytes.getInt(at + 1) == LENGTH && bytes.get(at + 1 + Integer.BYTES) == 'r') {
                var flush = bytes.getLong(at + FLUSH);
                highest.accumulateAndGet(flush, Math::max);
            }
        }
    }

    /** The position up to which the server was told that everything is stored. */
    public long highest() {
        return highest.get();
    }
}
