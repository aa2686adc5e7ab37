/** Compares an index with its source, and tells what really differs from what is only under way. */
@NullMarked
package io.pgsync.runtime.verify;

import org.jspecify.annotations.NullMarked;
