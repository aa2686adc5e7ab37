/** The command line: reads the configuration, joins the adapters to the pipeline and runs it. */
@NullMarked
package io.pgsync.cli;

import org.jspecify.annotations.NullMarked;
