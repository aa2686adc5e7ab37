/** The way of changes into an index: bulk requests, what their answers mean, and what is sent again. */
@NullMarked
package io.pgsync.elasticsearch.bulk;

import org.jspecify.annotations.NullMarked;
