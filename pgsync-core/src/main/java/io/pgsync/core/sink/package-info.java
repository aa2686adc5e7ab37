/** Stage 4 of 5: the port through which versioned documents reach the search engine. */
@NullMarked
package io.pgsync.core.sink;

import org.jspecify.annotations.NullMarked;
