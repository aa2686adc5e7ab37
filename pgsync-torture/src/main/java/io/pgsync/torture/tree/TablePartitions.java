package io.pgsync.torture.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * How a table is parted, if it is.
 *
 * @param clause what the statement that creates the table says of it
 * @param atFirst the partitions that are there from the start
 * @param withWholeOldRows those of them that log whole old rows, which each partition decides for itself
 * @param thatCanLeave those of them that a session may detach and attach
 * @param later partitions that are missing at first: rows that belong there are refused
 */
public record TablePartitions(
        String clause,
        List<Partition> atFirst,
        List<Partition> withWholeOldRows,
        List<Partition> thatCanLeave,
        List<Partition> later) {
    static final TablePartitions NONE = new TablePartitions("", List.of(), List.of(), List.of(), List.of());

    private static final int GAP = Table.NUMBERS + 4;

    static TablePartitions byHash(Table table) {
        var partitions = new ArrayList<Partition>();
        for (int i = 0; i < 2; i++) {
            partitions.add(partition(table, i, "WITH (MODULUS 2, REMAINDER %d)".formatted(i)));
        }
        return new TablePartitions(
                " PARTITION BY HASH (%s)".formatted(table.address().name()),
                partitions,
                table.traits().wholeOldRows() ? partitions : List.of(),
                List.of(),
                List.of());
    }

    /** The second partition has another replica identity than the table. */
    static TablePartitions byRange(Table table) {
        var first = partition(table, 0, range("MINVALUE", bound(table, 8)));
        var second = partition(table, 1, range(bound(table, 8), bound(table, 16)));
        var third = partition(table, 2, range(bound(table, 16), bound(table, Table.NUMBERS)));
        var large = partition(table, 3, range(bound(table, Table.LARGE), "MAXVALUE"));
        return new TablePartitions(
                " PARTITION BY RANGE (%s)".formatted(table.address().name()),
                List.of(first, second, third, large),
                table.traits().wholeOldRows() ? List.of(first, third, large) : List.of(second),
                List.of(second, third),
                List.of(
                        partition(table, 4, range(bound(table, Table.NUMBERS), bound(table, GAP))),
                        partition(table, 5, range(bound(table, GAP), bound(table, Table.LARGE)))));
    }

    private static Partition partition(Table table, int number, String bounds) {
        return new Partition(
                table.name(),
                table.name() + "_" + number,
                bounds,
                table.traits().uniqueness() != Table.Uniqueness.PRIMARY_KEY);
    }

    private static String range(String from, String to) {
        return "FROM (%s) TO (%s)".formatted(from, to);
    }

    private static String bound(Table table, int number) {
        return table.address().type().of(Integer.toString(number));
    }
}
