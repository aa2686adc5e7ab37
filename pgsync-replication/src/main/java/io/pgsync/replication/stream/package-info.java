/** Reads the slot as a stream of change events, and sends positions back to the server. */
@NullMarked
package io.pgsync.replication.stream;

import org.jspecify.annotations.NullMarked;
