/** Beside the flow: the state of documents and slot, read from the slot and the state index, from any machine. */
@NullMarked
package io.pgsync.cli.status;

import org.jspecify.annotations.NullMarked;
