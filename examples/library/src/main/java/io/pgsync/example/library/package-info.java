/** Programs that use pgsync as a library; docs/guide/library.md shows them. */
@NullMarked
package io.pgsync.example.library;

import org.jspecify.annotations.NullMarked;
