/** Stage 5 of 5: what is stored, and so may be acknowledged to the source. */
@NullMarked
package io.pgsync.core.checkpoint;

import org.jspecify.annotations.NullMarked;
