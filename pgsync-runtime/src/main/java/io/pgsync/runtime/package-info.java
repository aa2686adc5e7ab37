/**
 * The front door: what pgsync does with a schema file on two servers.
 *
 * <p>API: this package, {@link io.pgsync.runtime.config} with its input, and {@link io.pgsync.runtime.report} with its
 * results. All other packages do its work and may change with any release.
 */
@NullMarked
package io.pgsync.runtime;

import org.jspecify.annotations.NullMarked;
