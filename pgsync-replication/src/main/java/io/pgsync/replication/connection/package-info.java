/** Sessions on the server: its address, how to connect with encryption, and what its failures mean. */
@NullMarked
package io.pgsync.replication.connection;

import org.jspecify.annotations.NullMarked;
