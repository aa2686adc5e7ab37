/** The results of {@link io.pgsync.runtime.Pgsync}: answers, figures, findings, and the listener of a run. */
@NullMarked
package io.pgsync.runtime.report;

import org.jspecify.annotations.NullMarked;
