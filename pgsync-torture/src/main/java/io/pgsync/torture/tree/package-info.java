/** A random tree: its tables with their keys, links and partitions, and the schema files that show it. */
@NullMarked
package io.pgsync.torture.tree;

import org.jspecify.annotations.NullMarked;
