package io.pgsync.core.catalog;

import java.util.List;

/**
 * A partition as the catalog has it. Its mark has the parts of this record with {@link #SEPARATOR} between them, as
 * many as are known.
 *
 * @param oid its identifier, also as a table of its own
 * @param attachment the transactions that attached it and the partitions above it; another one if it left and came back
 * @param name empty if it has no rows
 * @param isBounded whether its bounds say which rows are in it, so that the server finds these without reading all
 *     partitions; not by hash, and not the default one
 */
public record AttachedPartition(String oid, String attachment, String name, boolean isBounded) {
    /** Is in no name of a catalog. */
    public static final String SEPARATOR = "\u001f";

    private static final String BOUNDED = "bounded";

    /** From a mark. */
    public static AttachedPartition of(String mark) {
        List<String> parts = List.of(mark.split(SEPARATOR, -1));
        return new AttachedPartition(
                parts.get(0),
                parts.size() > 1 ? parts.get(1) : "",
                parts.size() > 2 ? parts.get(2) : "",
                parts.contains(BOUNDED));
    }

    /** Whether it has rows, as far as the size of its file tells. */
    public boolean hasRows() {
        return !name.isEmpty();
    }

    /** The mark to keep: which partition, and when it was attached. */
    String kept() {
        return oid + SEPARATOR + attachment;
    }
}
