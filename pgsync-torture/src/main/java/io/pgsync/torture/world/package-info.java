/** What holds for a tree from its start to its end, and which troubles a run has. */
@NullMarked
package io.pgsync.torture.world;

import org.jspecify.annotations.NullMarked;
