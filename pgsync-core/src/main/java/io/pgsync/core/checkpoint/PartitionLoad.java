package io.pgsync.core.checkpoint;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A load of the documents that partitions concern which came or left. pgsync asks for it by itself, and performs it
 * after any other load of the index.
 *
 * @param tables the names of tables that lost rows: every stored document with rows of them is read again
 * @param where an SQL condition over the root's columns for the roots that may have got rows
 * @param lastKey those of them up to this key, in the source's key order, are loaded; empty at the start
 * @param isWhole whether nothing less than a load of the whole index is certain to find the documents
 * @param cause what came or left, in words that follow the name of the index; kept when the load is over
 */
public record PartitionLoad(
        List<String> tables, Optional<String> where, Optional<List<String>> lastKey, boolean isWhole, String cause) {
    /** A longer condition is dearer than a load of everything. */
    private static final int LONGEST_CONDITION = 20_000;

    private static final int LONGEST_CAUSE = 500;

    public PartitionLoad {
        tables = List.copyOf(tables);
        cause = cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE - 1) + "…";
    }

    /** From its start. */
    public static PartitionLoad of(List<String> tables, Optional<String> where, String cause) {
        return new PartitionLoad(tables, where, Optional.empty(), false, cause);
    }

    /** Of everything. */
    public static PartitionLoad whole(String cause) {
        return new PartitionLoad(List.of(), Optional.empty(), Optional.empty(), true, cause);
    }

    /** Both together, from the start. */
    public PartitionLoad and(PartitionLoad later) {
        Optional<String> either = where.flatMap(first -> later.where.map(second -> either(first, second)))
                .or(() -> where.or(later::where));
        String causes = cause.contains(later.cause) ? cause : cause + "; " + later.cause;
        boolean all = isWhole || later.isWhole || either.orElse("").length() > LONGEST_CONDITION;
        LinkedHashSet<String> lost = Stream.concat(tables.stream(), later.tables.stream())
                .collect(LinkedHashSet::new, LinkedHashSet::add, LinkedHashSet::addAll);
        return all ? whole(causes) : of(List.copyOf(lost), either, causes);
    }

    private static String either(String first, String second) {
        return first.equals(second) ? first : "(" + first + "\n) OR (" + second + "\n)";
    }

    /** When the stored documents with rows of the tables are read again. */
    public PartitionLoad withoutTables() {
        return new PartitionLoad(List.of(), where, lastKey, isWhole, cause);
    }

    /** When the roots up to {@code key} are loaded. */
    public PartitionLoad loaded(List<String> key) {
        return new PartitionLoad(tables, where, Optional.of(key), isWhole, cause);
    }

    /** When it is over; the cause is kept. */
    public PartitionLoad ended() {
        return of(List.of(), Optional.empty(), cause);
    }

    /** Whether nothing is left to be loaded. */
    public boolean isOver() {
        return tables.isEmpty() && where.isEmpty() && !isWhole;
    }
}
