/** The tree of a document: what a schema file says, checked against the tables, which all stages follow. */
@NullMarked
package io.pgsync.core.tree;

import org.jspecify.annotations.NullMarked;
