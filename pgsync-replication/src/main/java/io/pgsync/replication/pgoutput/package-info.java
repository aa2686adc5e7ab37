/** Bytes of PostgreSQL's {@code pgoutput} plugin to change events; a pure function of the stream, with no connection. */
@NullMarked
package io.pgsync.replication.pgoutput;

import org.jspecify.annotations.NullMarked;
