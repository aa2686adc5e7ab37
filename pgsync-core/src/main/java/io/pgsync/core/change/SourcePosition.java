package io.pgsync.core.change;

/**
 * Where a source would resume, and how far its log goes.
 *
 * @param confirmed the last position that was confirmed to it as stored
 * @param written the end of its log when it was asked; no change is after it yet
 */
public record SourcePosition(SourceIdentity identity, Lsn confirmed, Lsn written) {}
