/** What the server keeps for us: the publication, which chooses the tables, and the slot, which keeps their changes. */
@NullMarked
package io.pgsync.replication.slot;

import org.jspecify.annotations.NullMarked;
