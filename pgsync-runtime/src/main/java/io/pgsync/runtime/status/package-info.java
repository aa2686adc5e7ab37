/** How documents and slots stand, found out from the two servers alone. */
@NullMarked
package io.pgsync.runtime.status;

import org.jspecify.annotations.NullMarked;
