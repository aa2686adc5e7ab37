/** Documents read from standbys of the primary, once they show what must be shown. */
@NullMarked
package io.pgsync.replication.replica;

import org.jspecify.annotations.NullMarked;
