/** How a run of the command ended, in a number. */
@NullMarked
package io.pgsync.cli.exit;

import org.jspecify.annotations.NullMarked;
