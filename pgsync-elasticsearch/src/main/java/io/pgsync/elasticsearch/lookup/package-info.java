/** Searches of the documents: for those that contain a key, for all ids or versions, and for one to show. */
@NullMarked
package io.pgsync.elasticsearch.lookup;

import org.jspecify.annotations.NullMarked;
