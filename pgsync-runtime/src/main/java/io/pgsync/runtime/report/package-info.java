/** What the operations of {@link io.pgsync.runtime.Pgsync} tell: answers, figures, findings, and the listener of a run. */
@NullMarked
package io.pgsync.runtime.report;

import org.jspecify.annotations.NullMarked;
