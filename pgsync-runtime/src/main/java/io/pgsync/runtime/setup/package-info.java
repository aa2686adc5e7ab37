/** Makes everything that a run needs, and takes it away again. */
@NullMarked
package io.pgsync.runtime.setup;

import org.jspecify.annotations.NullMarked;
