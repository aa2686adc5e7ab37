/** Stages between a committed change and a stored document, joined by the pipeline; knows no database and no search engine. */
@NullMarked
package io.pgsync.core;

import org.jspecify.annotations.NullMarked;
