/** schema.json as it is written, read and checked as far as possible without a database. */
@NullMarked
package io.pgsync.core.schema;

import org.jspecify.annotations.NullMarked;
