package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;

/** Changes may be missing from an index, and following on would hide it. The message names the range; a new load repairs the index. */
public final class GapException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final String index;
    private final Kind kind;
    private final String what;

    /** Of the kind {@link Kind#GAP}; {@code what}: whole sentences. */
    public GapException(String index, String what) {
        this(Kind.GAP, index, what);
    }

    /** That {@code found} ends the run. */
    public GapException(Divergence found) {
        this(found.kind(), found.index(), found.what() + ".");
    }

    /** {@code what}: whole sentences. */
    public GapException(Kind kind, String index, String what) {
        super(Remedy.REPAIR, "Index \"%s\" (%s): %s".formatted(index, kind.word(), what));
        this.index = index;
        this.kind = kind;
        this.what = what;
    }

    /** The same without a full stop, as it is to be recorded. */
    public Divergence divergence() {
        return new Divergence(kind, index, what.replaceFirst("\\.$", ""));
    }

    /** In what way the index parts from its tables. */
    public Kind kind() {
        return kind;
    }

    /** The index that has to be loaded again. */
    public String index() {
        return index;
    }
}
