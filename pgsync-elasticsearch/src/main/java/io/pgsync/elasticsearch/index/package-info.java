/**
 * An index of the engine: how it is created, which generation writes to it, and whether it finds documents by their
 * keys.
 */
@NullMarked
package io.pgsync.elasticsearch.index;

import org.jspecify.annotations.NullMarked;
