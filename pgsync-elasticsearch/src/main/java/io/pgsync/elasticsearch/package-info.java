/** The Elasticsearch side: the one connection to the engine, its settings, and who gave an answer. The packages below use it, each for one purpose. */
@NullMarked
package io.pgsync.elasticsearch;

import org.jspecify.annotations.NullMarked;
