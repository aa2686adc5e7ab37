/** Beside the flow: health, metrics, status and read-your-writes over HTTP, for supervisors and applications. */
@NullMarked
package io.pgsync.cli.http;

import org.jspecify.annotations.NullMarked;
