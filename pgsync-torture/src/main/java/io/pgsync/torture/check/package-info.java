/** What must be right: every document at a quiet point, versions that never go back, and objections of pgsync. */
@NullMarked
package io.pgsync.torture.check;

import org.jspecify.annotations.NullMarked;
