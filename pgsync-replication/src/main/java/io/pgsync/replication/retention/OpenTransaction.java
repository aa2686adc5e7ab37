package io.pgsync.replication.retention;

import java.time.Duration;

/**
 * A transaction that has written and not ended: no slot of the server can release the log since its start.
 *
 * @param who the session, or the name of a prepared transaction, so that a person can find it
 */
public record OpenTransaction(String who, Duration age) {}
