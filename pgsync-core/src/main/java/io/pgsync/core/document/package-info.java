/** Stage 3 of 5: documents as they are read back from the source, and what may still change them. */
@NullMarked
package io.pgsync.core.document;

import org.jspecify.annotations.NullMarked;
