/** Sessions on the server: where it is, how to get there encrypted, and what its failures mean. */
@NullMarked
package io.pgsync.replication.connection;

import org.jspecify.annotations.NullMarked;
