/** How far a comparison that never ends has come with an index, and what it found. */
@NullMarked
package io.pgsync.core.audit;

import org.jspecify.annotations.NullMarked;
