/** Measures the stages one by one (JMH) and the whole way of a document from table to index. */
@NullMarked
package io.pgsync.bench;

import org.jspecify.annotations.NullMarked;
