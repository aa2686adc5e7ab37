/** Where the documents of each name in the schema file are stored, and which definition counts for them. */
@NullMarked
package io.pgsync.runtime.placement;

import org.jspecify.annotations.NullMarked;
