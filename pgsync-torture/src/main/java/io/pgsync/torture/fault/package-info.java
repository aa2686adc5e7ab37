/** What goes wrong while clients are busy, and the site on which it strikes. */
@NullMarked
package io.pgsync.torture.fault;

import org.jspecify.annotations.NullMarked;
