/** Follows a database: one pipeline, what it counts, and what guards its slot. */
@NullMarked
package io.pgsync.runtime.follow;

import org.jspecify.annotations.NullMarked;
