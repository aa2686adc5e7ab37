/** Stage 2 of 5: finds the root rows whose documents a committed change affects. */
@NullMarked
package io.pgsync.core.affected;

import org.jspecify.annotations.NullMarked;
