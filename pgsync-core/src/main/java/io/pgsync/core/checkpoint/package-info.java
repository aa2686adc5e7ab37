/** Stage 5 of 5: what is stored, and may therefore be acknowledged to the source. */
@NullMarked
package io.pgsync.core.checkpoint;

import org.jspecify.annotations.NullMarked;
