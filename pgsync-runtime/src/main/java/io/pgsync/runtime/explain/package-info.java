/** What a schema file means on its database. */
@NullMarked
package io.pgsync.runtime.explain;

import org.jspecify.annotations.NullMarked;
