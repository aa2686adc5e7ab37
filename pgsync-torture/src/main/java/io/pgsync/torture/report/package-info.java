/** What a run tells of itself: its steps, what struck it, and why it failed. */
@NullMarked
package io.pgsync.torture.report;

import org.jspecify.annotations.NullMarked;
