/** Beside the flow: what people see of a run, as log lines, progress and status. */
@NullMarked
package io.pgsync.cli.console;

import org.jspecify.annotations.NullMarked;
