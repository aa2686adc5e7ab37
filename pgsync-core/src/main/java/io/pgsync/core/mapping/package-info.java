/**
 * Before the first stage: the mappings with which an index is created, so that the first values never decide a field's
 * type.
 */
@NullMarked
package io.pgsync.core.mapping;

import org.jspecify.annotations.NullMarked;
