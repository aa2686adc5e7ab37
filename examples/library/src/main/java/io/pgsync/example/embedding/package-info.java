/** Programs that use pgsync as a library; the guide shows them. */
@NullMarked
package io.pgsync.example.embedding;

import org.jspecify.annotations.NullMarked;
