/** What pgsync is told from outside: the configuration and the schema file. No environment, no terminal. */
@NullMarked
package io.pgsync.runtime.config;

import org.jspecify.annotations.NullMarked;
