package io.pgsync.core.change;

/** Which history a stream belongs to: positions of another cluster or timeline mean nothing here. */
public record SourceIdentity(String systemIdentifier, int timeline, String database, String slot) {}
