package io.pgsync.replication.stream;

import io.pgsync.replication.sql.ReplicationNames;

/**
 * What to stream, and how much of it may wait in memory.
 *
 * @param bufferBytes bytes that are received and not yet taken by the subscriber; above this limit the socket is not
 *     read
 */
public record StreamSettings(String slot, String publication, int bufferBytes) {
    /** 16 MiB. */
    public static final int DEFAULT_BUFFER_BYTES = 16 << 20;

    public StreamSettings {
        ReplicationNames.require("slot", slot);
        ReplicationNames.require("publication", publication);
        if (bufferBytes < 1) {
            throw new IllegalArgumentException("bufferBytes must be positive, not " + bufferBytes);
        }
    }

    /** With {@link #DEFAULT_BUFFER_BYTES}. */
    public StreamSettings(String slot, String publication) {
        this(slot, publication, DEFAULT_BUFFER_BYTES);
    }
}
