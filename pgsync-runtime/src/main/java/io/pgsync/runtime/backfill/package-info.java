/** Loads indexes again, beside a running process or without one. */
@NullMarked
package io.pgsync.runtime.backfill;

import org.jspecify.annotations.NullMarked;
