/** The torture test: random trees, random histories and faults on real servers; at every quiet point the index must equal the truth. */
@NullMarked
package io.pgsync.torture;

import org.jspecify.annotations.NullMarked;
