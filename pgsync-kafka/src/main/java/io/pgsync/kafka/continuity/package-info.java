/** Numbered records: how a loss in a topic is noticed, although brokers tell nobody of it. */
@NullMarked
package io.pgsync.kafka.continuity;

import org.jspecify.annotations.NullMarked;
