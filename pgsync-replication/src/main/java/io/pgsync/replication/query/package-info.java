/** Reads the source: documents and keys by one SQL statement each, after the fence that makes a change visible. */
@NullMarked
package io.pgsync.replication.query;

import org.jspecify.annotations.NullMarked;
