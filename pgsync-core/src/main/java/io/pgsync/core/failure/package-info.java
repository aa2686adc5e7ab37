/** What can go wrong, and what the operator or the supervisor has to do about it. */
@NullMarked
package io.pgsync.core.failure;

import org.jspecify.annotations.NullMarked;
