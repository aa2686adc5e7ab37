/** For quicker starts: has Java read all classes of a run, so that it can write them into an archive. */
@NullMarked
package io.pgsync.cli.archive;

import org.jspecify.annotations.NullMarked;
