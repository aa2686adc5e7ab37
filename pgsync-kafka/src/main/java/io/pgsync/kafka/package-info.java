/**
 * Kafka between source and engine: the log of work. The process that reads the slot writes which roots are to be looked at; any number of
 * workers read their documents and store them. Begun: the records, the topics that hold them, how a loss in one is noticed, and the right to own them.
 *
 * <p>API: this package.
 */
@NullMarked
package io.pgsync.kafka;

import org.jspecify.annotations.NullMarked;
