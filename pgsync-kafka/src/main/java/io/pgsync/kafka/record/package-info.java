/** The records of the work topics: what they say, and how it is written. */
@NullMarked
package io.pgsync.kafka.record;

import org.jspecify.annotations.NullMarked;
