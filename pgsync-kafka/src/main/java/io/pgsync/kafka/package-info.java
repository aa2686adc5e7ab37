/**
 * Kafka between source and engine: the log of work. The process that reads the slot writes which roots are to be looked at, and takes them up again
 * to read their documents and store them; the slot is free as soon as the brokers have them.
 *
 * <p>API: this package and {@link io.pgsync.kafka.log}.
 */
@NullMarked
package io.pgsync.kafka;

import org.jspecify.annotations.NullMarked;
