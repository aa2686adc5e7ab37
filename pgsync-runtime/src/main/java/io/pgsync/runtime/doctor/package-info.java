/** Examines both servers. */
@NullMarked
package io.pgsync.runtime.doctor;

import org.jspecify.annotations.NullMarked;
