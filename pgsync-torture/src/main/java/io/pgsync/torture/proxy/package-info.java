/** The way from pgsync to a server: what can stand on it, and what can be overheard there. */
@NullMarked
package io.pgsync.torture.proxy;

import org.jspecify.annotations.NullMarked;
