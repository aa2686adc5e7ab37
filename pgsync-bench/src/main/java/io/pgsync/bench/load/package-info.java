/** The whole way of a document, from table to index: a book shop is loaded and changed, beside the limits of the two servers. */
@NullMarked
package io.pgsync.bench.load;

import org.jspecify.annotations.NullMarked;
