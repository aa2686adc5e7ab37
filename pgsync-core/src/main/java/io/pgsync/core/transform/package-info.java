/** The rules of {@code transform}, parsed once; documents, mappings and names are changed by them. */
@NullMarked
package io.pgsync.core.transform;

import org.jspecify.annotations.NullMarked;
