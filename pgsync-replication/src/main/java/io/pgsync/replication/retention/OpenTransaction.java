package io.pgsync.replication.retention;

import java.time.Duration;

/**
 * A transaction that has written and not ended: no slot of the server can let go of the log since its start.
 *
 * @param who the session or the name it was prepared under, as a person would look for it
 */
public record OpenTransaction(String who, Duration age) {}
