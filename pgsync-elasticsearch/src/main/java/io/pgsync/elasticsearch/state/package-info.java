/** The state of each index, kept in one index beside the data and changed by compare-and-set. */
@NullMarked
package io.pgsync.elasticsearch.state;

import org.jspecify.annotations.NullMarked;
