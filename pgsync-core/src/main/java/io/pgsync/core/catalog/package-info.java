/** The present tables of a database, as far as documents are made from them. */
@NullMarked
package io.pgsync.core.catalog;

import org.jspecify.annotations.NullMarked;
