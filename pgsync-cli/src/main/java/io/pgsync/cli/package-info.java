/** The command line: reads the configuration, connects the adapters to the pipeline and runs it. */
@NullMarked
package io.pgsync.cli;

import org.jspecify.annotations.NullMarked;
