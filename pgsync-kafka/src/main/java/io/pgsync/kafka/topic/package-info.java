/** The topics of a slot: their names, and what must hold of them. */
@NullMarked
package io.pgsync.kafka.topic;

import org.jspecify.annotations.NullMarked;
