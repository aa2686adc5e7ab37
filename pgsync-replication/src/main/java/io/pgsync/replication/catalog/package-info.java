/** Before the first stage: what the database knows about the tables that a schema file names. */
@NullMarked
package io.pgsync.replication.catalog;

import org.jspecify.annotations.NullMarked;
