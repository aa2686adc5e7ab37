/** The control topic: who owns a slot, and what the owner has recorded. */
@NullMarked
package io.pgsync.kafka.control;

import org.jspecify.annotations.NullMarked;
