/** The PostgreSQL side: where change events and documents come from and positions are acknowledged. */
@NullMarked
package io.pgsync.replication;

import org.jspecify.annotations.NullMarked;
