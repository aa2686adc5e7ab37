/** How changes reach an index: bulk requests, the meaning of their answers, and what is sent again. */
@NullMarked
package io.pgsync.elasticsearch.bulk;

import org.jspecify.annotations.NullMarked;
