/** The databases of a schema file: their connections, the names of slot and publication, and the documents that are built from them. */
@NullMarked
package io.pgsync.runtime.source;

import org.jspecify.annotations.NullMarked;
