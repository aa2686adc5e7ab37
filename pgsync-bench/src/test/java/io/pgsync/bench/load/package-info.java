@NullMarked
package io.pgsync.bench.load;

import org.jspecify.annotations.NullMarked;
