package io.pgsync.cli.run;

import java.util.Optional;

/** The names of slot and publication that the user chose; those that are empty are derived. */
record GivenNames(Optional<String> slot, Optional<String> publication) {
    static final GivenNames NONE = new GivenNames(Optional.empty(), Optional.empty());
}
