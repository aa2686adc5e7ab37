/**
 * What a schema file means, for people: trees, statements, the path of a change, the indexes that help. Nothing is
 * changed.
 */
@NullMarked
package io.pgsync.cli.explain;

import org.jspecify.annotations.NullMarked;
