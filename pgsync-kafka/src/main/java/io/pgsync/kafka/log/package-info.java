/** The log of work itself: topics, owner, producer and reader as one. */
@NullMarked
package io.pgsync.kafka.log;

import org.jspecify.annotations.NullMarked;
