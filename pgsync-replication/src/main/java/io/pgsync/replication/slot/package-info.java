/** What the server keeps for us: the publication that chooses the tables, and the slot that keeps their changes. */
@NullMarked
package io.pgsync.replication.slot;

import org.jspecify.annotations.NullMarked;
