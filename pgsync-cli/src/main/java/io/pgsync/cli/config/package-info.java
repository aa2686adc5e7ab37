/** Before the flow starts: variables, {@code .env} and options become checked settings. */
@NullMarked
package io.pgsync.cli.config;

import org.jspecify.annotations.NullMarked;
