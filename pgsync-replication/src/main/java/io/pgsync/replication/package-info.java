/**
 * The PostgreSQL side: the source of change events and documents, where positions are acknowledged.
 *
 * <p>API: {@link io.pgsync.replication.connection}, {@link io.pgsync.replication.stream} with the change events,
 * {@link io.pgsync.replication.slot} with what they need on the server, and {@link io.pgsync.replication.retention}
 * with the log that the slot keeps. All other packages serve pgsync-runtime and may change with any release.
 */
@NullMarked
package io.pgsync.replication;

import org.jspecify.annotations.NullMarked;
