/** A Kafka broker. */
@NullMarked
package io.pgsync.embedded.kafka;

import org.jspecify.annotations.NullMarked;
