/** Beside the flow: a real Elasticsearch or OpenSearch server as a child process, for tests and the demo. */
@NullMarked
package io.pgsync.embedded.elasticsearch;

import org.jspecify.annotations.NullMarked;
