/** The flow itself: composes the five stages and owns every buffer between them. */
@NullMarked
package io.pgsync.core.pipeline;

import org.jspecify.annotations.NullMarked;
