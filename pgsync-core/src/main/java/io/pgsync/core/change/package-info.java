/** Stage 1 of 5: committed changes as they come out of the write-ahead log, and the port that supplies them. */
@NullMarked
package io.pgsync.core.change;

import org.jspecify.annotations.NullMarked;
