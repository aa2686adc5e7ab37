/** What a server must have before anything is created on it, and what to do if something is missing. */
@NullMarked
package io.pgsync.replication.preflight;

import org.jspecify.annotations.NullMarked;
