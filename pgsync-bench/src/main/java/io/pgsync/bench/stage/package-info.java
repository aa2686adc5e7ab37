/** JMH benchmarks of single stages, without servers. */
@NullMarked
package io.pgsync.bench.stage;

import org.jspecify.annotations.NullMarked;
