/** The Elasticsearch side: where documents and the state of each index are stored. */
@NullMarked
package io.pgsync.elasticsearch;

import org.jspecify.annotations.NullMarked;
