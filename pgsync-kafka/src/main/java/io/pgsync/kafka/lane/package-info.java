/** The worker's side of the lanes: what is taken from each partition, what of it is done, and what is committed to the group. */
@NullMarked
package io.pgsync.kafka.lane;

import org.jspecify.annotations.NullMarked;
