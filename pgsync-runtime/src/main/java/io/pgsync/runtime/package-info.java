/** The front door: what pgsync does with a schema file on two servers. */
@NullMarked
package io.pgsync.runtime;

import org.jspecify.annotations.NullMarked;
