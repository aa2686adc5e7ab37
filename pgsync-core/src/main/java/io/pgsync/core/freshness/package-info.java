/** At the far end of the flow, for applications: waits until a running pgsync has made what they wrote readable. */
@NullMarked
package io.pgsync.core.freshness;

import org.jspecify.annotations.NullMarked;
