/** Beside the flow: how much of the source's log the slot keeps, compared with what it may keep. */
@NullMarked
package io.pgsync.replication.retention;

import org.jspecify.annotations.NullMarked;
