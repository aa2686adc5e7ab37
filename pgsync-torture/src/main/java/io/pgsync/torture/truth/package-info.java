/**
 * The documents as they must be, computed row by row from schema.json and a live database by code that shares nothing with the product,
 * and what compares them with the documents that are there.
 */
@NullMarked
package io.pgsync.torture.truth;

import org.jspecify.annotations.NullMarked;
