/** Beside the flow: how documents and slot stand, read off the slot and the state index, from any machine. */
@NullMarked
package io.pgsync.cli.status;

import org.jspecify.annotations.NullMarked;
