/** Stage 1 of 5: the stream in windows of whatever has arrived. */
@NullMarked
package io.pgsync.core.window;

import org.jspecify.annotations.NullMarked;
