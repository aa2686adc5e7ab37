/** Beside the flow: a real PostgreSQL server as a child process, for tests and the demo. */
@NullMarked
package io.pgsync.embedded.postgres;

import org.jspecify.annotations.NullMarked;
