/** Shows a plan, for people and for programs. */
@NullMarked
package io.pgsync.cli.plan;

import org.jspecify.annotations.NullMarked;
