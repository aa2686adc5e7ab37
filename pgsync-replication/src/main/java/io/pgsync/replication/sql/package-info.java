/** What every SQL text needs. */
@NullMarked
package io.pgsync.replication.sql;

import org.jspecify.annotations.NullMarked;
