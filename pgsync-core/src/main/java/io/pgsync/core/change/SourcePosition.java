package io.pgsync.core.change;

/** Where a source would resume: {@code confirmed} is the last position it was told is stored. */
public record SourcePosition(SourceIdentity identity, Lsn confirmed) {}
