/** The rules of {@code transform}, parsed once: documents are changed by them, mappings and names follow them. */
@NullMarked
package io.pgsync.core.transform;

import org.jspecify.annotations.NullMarked;
