/** The versions of all writes: they, not the order of arrival, decide which content of a document wins. */
@NullMarked
package io.pgsync.core.version;

import org.jspecify.annotations.NullMarked;
