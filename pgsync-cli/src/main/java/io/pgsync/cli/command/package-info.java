/** The command line: one class per command, each from options to an exit code. */
@NullMarked
package io.pgsync.cli.command;

import org.jspecify.annotations.NullMarked;
