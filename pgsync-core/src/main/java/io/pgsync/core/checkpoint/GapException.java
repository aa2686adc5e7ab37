package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/**
 * Changes may be missing from an index, and to go on would hide that. The message names the range; a new load repairs
 * the index.
 */
public final class GapException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final String index;
    private final Kind kind;
    private final String what;

    /** Of the kind {@link Kind#GAP}; {@code what}: whole sentences. */
    public GapException(String index, String what) {
        this(Kind.GAP, index, what);
    }

    /** {@code found} ends the run. */
    public GapException(Divergence found) {
        this(found.kind(), found.index(), found.what() + ".");
    }

    /** {@code what}: complete sentences. */
    public GapException(Kind kind, String index, String what) {
        super(Remedy.REPAIR, "Index \"%s\" (%s): %s".formatted(index, kind.word(), what));
        this.index = index;
        this.kind = kind;
        this.what = what;
    }

    /** The same without a full stop, for the state. */
    public Divergence divergence() {
        return new Divergence(kind, index, what.replaceFirst("\\.$", ""));
    }

    /** The way in which the index differs from its tables. */
    public Kind kind() {
        return kind;
    }

    /** The index that must be loaded again. */
    public String index() {
        return index;
    }
}
