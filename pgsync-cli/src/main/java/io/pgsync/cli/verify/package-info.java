/** What a comparison of an index with its source found, for people and for programs. */
@NullMarked
package io.pgsync.cli.verify;

import org.jspecify.annotations.NullMarked;
