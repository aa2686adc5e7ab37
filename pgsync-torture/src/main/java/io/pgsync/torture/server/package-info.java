/** The real servers of a run, and what is asked of them past pgsync. */
@NullMarked
package io.pgsync.torture.server;

import org.jspecify.annotations.NullMarked;
