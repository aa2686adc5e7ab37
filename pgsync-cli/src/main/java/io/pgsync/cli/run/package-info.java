/** One run of the tool: the object graph from settings and schema file to running pipelines, and its end. */
@NullMarked
package io.pgsync.cli.run;

import org.jspecify.annotations.NullMarked;
