/** Finds out what a schema file would change, before it does. */
@NullMarked
package io.pgsync.runtime.plan;

import org.jspecify.annotations.NullMarked;
