/** pgsync as its users run it: a process with a command line, an exit code and an output. */
@NullMarked
package io.pgsync.torture.process;

import org.jspecify.annotations.NullMarked;
