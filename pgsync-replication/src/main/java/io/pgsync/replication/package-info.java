/**
 * The PostgreSQL side: where change events and documents come from and positions are acknowledged.
 *
 * <p>API: {@link io.pgsync.replication.connection}, {@link io.pgsync.replication.stream} with the change events,
 * {@link io.pgsync.replication.slot} with what they need on the server, and {@link io.pgsync.replication.retention} with what that keeps. All
 * other packages are there for pgsync-runtime and may change with any release.
 */
@NullMarked
package io.pgsync.replication;

import org.jspecify.annotations.NullMarked;
