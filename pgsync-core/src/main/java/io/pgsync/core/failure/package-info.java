/** What can go wrong, and what the operator or the supervisor must do about it. */
@NullMarked
package io.pgsync.core.failure;

import org.jspecify.annotations.NullMarked;
