/** The owner's side of the work topics. */
@NullMarked
package io.pgsync.kafka.work;

import org.jspecify.annotations.NullMarked;
