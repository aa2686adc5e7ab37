/** The tables of a database as they are, as far as documents are made of them. */
@NullMarked
package io.pgsync.core.catalog;

import org.jspecify.annotations.NullMarked;
