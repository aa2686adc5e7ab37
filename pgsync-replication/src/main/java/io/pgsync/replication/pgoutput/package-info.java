/**
 * Turns the bytes of PostgreSQL's {@code pgoutput} plugin into change events; a pure function of the stream, without a
 * connection.
 */
@NullMarked
package io.pgsync.replication.pgoutput;

import org.jspecify.annotations.NullMarked;
