/** Beside the flow: what the slot keeps of the source's log, against what it may keep. */
@NullMarked
package io.pgsync.replication.retention;

import org.jspecify.annotations.NullMarked;
