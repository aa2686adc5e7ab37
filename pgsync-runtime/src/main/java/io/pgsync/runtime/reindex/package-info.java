/** Replaces the index of a document by another one while it is searched, with a way back. */
@NullMarked
package io.pgsync.runtime.reindex;

import org.jspecify.annotations.NullMarked;
