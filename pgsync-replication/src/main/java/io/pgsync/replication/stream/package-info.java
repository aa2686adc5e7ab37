/** The slot read as a stream of change events, with the positions that go back to the server. */
@NullMarked
package io.pgsync.replication.stream;

import org.jspecify.annotations.NullMarked;
