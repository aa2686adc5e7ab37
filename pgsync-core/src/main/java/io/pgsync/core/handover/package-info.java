/**
 * Between affected roots and their documents: the port of a log of work, which holds the roots outside of the process. Without one they wait in
 * its memory.
 */
@NullMarked
package io.pgsync.core.handover;

import org.jspecify.annotations.NullMarked;
