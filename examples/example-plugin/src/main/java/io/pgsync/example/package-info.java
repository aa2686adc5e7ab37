/** An example of a plugin: what a jar in the directory of {@code --plugin-path} contains. */
@NullMarked
package io.pgsync.example;

import org.jspecify.annotations.NullMarked;
