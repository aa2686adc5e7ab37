/** The applications of the database: their sessions, their random statements, and one that writes all the time. */
@NullMarked
package io.pgsync.torture.client;

import org.jspecify.annotations.NullMarked;
