/** The tree of tables behind each document: schema.json as written, checked against the tables that exist. */
@NullMarked
package io.pgsync.core.schema;

import org.jspecify.annotations.NullMarked;
