/** What every SQL text and its answer need: names that are safe to write, values that are there, snapshots. */
@NullMarked
package io.pgsync.replication.sql;

import org.jspecify.annotations.NullMarked;
