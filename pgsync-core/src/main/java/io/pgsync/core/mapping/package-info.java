/** Before the first stage: the mappings an index is created with, so that the first values never decide a field's type. */
@NullMarked
package io.pgsync.core.mapping;

import org.jspecify.annotations.NullMarked;
