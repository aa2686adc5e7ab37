/** Refused documents: their records, and trying them again beside a running process or without one. */
@NullMarked
package io.pgsync.runtime.refused;

import org.jspecify.annotations.NullMarked;
