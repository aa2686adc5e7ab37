package io.pgsync.core.handover;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;

/**
 * A root that is to be looked at: its document has to be read and stored under {@code version}. It is a hint, and carries no content: one more of
 * it does no harm.
 *
 * @param id that of its document
 * @param version taken after the fence of the changes that ask for it, and before any read that answers it
 * @param many whether changes of fewer roots may overtake it
 * @param change the commit position of the oldest change that asks for it
 */
public record RootWork(RootKey root, String id, long version, boolean many, Lsn change) {}
