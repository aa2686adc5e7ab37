/** The report of {@code pgsync doctor}: what was found on both servers, for people and for programs. */
@NullMarked
package io.pgsync.cli.doctor;

import org.jspecify.annotations.NullMarked;
