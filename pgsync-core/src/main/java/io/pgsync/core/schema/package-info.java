/** schema.json as it is written, read and checked as far as the file alone tells. */
@NullMarked
package io.pgsync.core.schema;

import org.jspecify.annotations.NullMarked;
