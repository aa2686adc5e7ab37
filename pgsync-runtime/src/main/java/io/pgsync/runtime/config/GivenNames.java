package io.pgsync.runtime.config;

import java.util.Optional;

/** The names of slot and publication that the user chose; an empty one is derived. */
public record GivenNames(Optional<String> slot, Optional<String> publication) {
    /**
     * Both are derived from the database, or from the database and the first index if another schema file has those
     * names.
     */
    public static final GivenNames NONE = new GivenNames(Optional.empty(), Optional.empty());
}
