package io.pgsync.core.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Partitions that came with rows or left since an earlier look. The log says nothing of their rows.
 *
 * @param came by table
 * @param left how many of each table
 */
public record PartitionChanges(Map<String, List<AttachedPartition>> came, Map<String, Integer> left) {
    public PartitionChanges {
        came = Map.copyOf(came);
        left = Map.copyOf(left);
    }

    /** {@code known}: tables with the marks of their partitions at the earlier look; the others are not compared. */
    static PartitionChanges between(
            Map<String, List<AttachedPartition>> known, Map<String, List<AttachedPartition>> now) {
        Map<String, List<AttachedPartition>> came = new HashMap<>();
        Map<String, Integer> left = new HashMap<>();
        known.forEach((table, then) -> {
            // A table that is not partitioned now is another one than before, which is told elsewhere.
            List<AttachedPartition> present = now.getOrDefault(table, then);
            List<AttachedPartition> news = present.stream()
                    .filter(AttachedPartition::hasRows)
                    .filter(partition -> then.stream().noneMatch(earlier -> isSame(earlier, partition)))
                    .toList();
            long gone = then.stream()
                    .filter(earlier -> present.stream().noneMatch(partition -> isSame(earlier, partition)))
                    .count();
            if (!news.isEmpty()) {
                came.put(table, news);
            }
            if (gone > 0) {
                left.put(table, Math.toIntExact(gone));
            }
        });
        return new PartitionChanges(came, left);
    }

    /** Marks of earlier releases do not know the attachment. */
    private static boolean isSame(AttachedPartition then, AttachedPartition now) {
        return then.oid().equals(now.oid())
                && (then.attachment().isEmpty() || then.attachment().equals(now.attachment()));
    }

    /** Whether there are none. */
    public boolean isNone() {
        return came.isEmpty() && left.isEmpty();
    }

    /** In words that follow the name of an index. */
    public String words() {
        List<String> words = new ArrayList<>();
        new TreeMap<>(came)
                .forEach((table, partitions) ->
                        words.add("\"%s\" got partitions with rows that the log does not have: %s"
                                .formatted(
                                        table,
                                        partitions.stream()
                                                .map(AttachedPartition::name)
                                                .sorted()
                                                .collect(Collectors.joining(", ")))));
        new TreeMap<>(left)
                .forEach((table, count) -> words.add(
                        "%d partitions of \"%s\" were detached or dropped, and the log does not say with which rows"
                                .formatted(count, table)));
        return String.join("; ", words);
    }
}
