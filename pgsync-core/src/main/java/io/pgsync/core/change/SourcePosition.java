package io.pgsync.core.change;

/**
 * Where a source would resume, and how far it could get.
 *
 * @param confirmed the last position it was told is stored
 * @param written the end of its log when it was asked; no change lies behind it yet
 */
public record SourcePosition(SourceIdentity identity, Lsn confirmed, Lsn written) {}
