/** Who follows a slot, and the sign that its process lives. */
@NullMarked
package io.pgsync.core.lease;

import org.jspecify.annotations.NullMarked;
