/** What all SQL texts and their answers need: safely quoted names, values that are never null, snapshots. */
@NullMarked
package io.pgsync.replication.sql;

import org.jspecify.annotations.NullMarked;
