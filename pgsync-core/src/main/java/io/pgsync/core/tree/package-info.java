/** The tree of a document: the schema file's definition, checked against the tables. All stages follow it. */
@NullMarked
package io.pgsync.core.tree;

import org.jspecify.annotations.NullMarked;
