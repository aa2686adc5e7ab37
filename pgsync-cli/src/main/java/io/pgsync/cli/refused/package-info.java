/** What {@code pgsync refused} prints. */
@NullMarked
package io.pgsync.cli.refused;

import org.jspecify.annotations.NullMarked;
