/** Before the first stage: what the database says about the tables that a schema file names. */
@NullMarked
package io.pgsync.replication.catalog;

import org.jspecify.annotations.NullMarked;
