/**
 * The Elasticsearch side: the single connection to the engine, its settings, and who gave an answer. The packages below
 * use it, each for one purpose.
 *
 * <p>API: this package, {@link io.pgsync.elasticsearch.signing}, and {@link io.pgsync.elasticsearch.bulk} with the sink.
 * All other packages serve pgsync-runtime and may change with any release.
 */
@NullMarked
package io.pgsync.elasticsearch;

import org.jspecify.annotations.NullMarked;
