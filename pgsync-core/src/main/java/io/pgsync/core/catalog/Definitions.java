package io.pgsync.core.catalog;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What decides how the documents of a tree look and is no row of its tables, so that no change of it is in the log: types, views, functions,
 * constraints, partitions, the publication. Kept in the state of an index as it was when the load of the index began, and compared with what is there now.
 *
 * @param facts parts by what they are parts of; parts that are added change nothing, and parts that are gone do
 * @param partitions of each table that has any: identifiers, with {@link #WITH_ROWS} and the name behind those that came with rows
 * @param storage of each column: when it was last altered, the file of its table, and its type; values were rewritten when the first two
 *     changed and the last did not
 * @param memberships by which each table is published, where it is: see {@link Membership}
 */
public record Definitions(
        Map<String, Set<String>> facts,
        Map<String, Set<String>> partitions,
        Map<String, List<String>> storage,
        Map<String, Set<String>> memberships) {
    /** Divides the identifier of a partition that was attached, and has rows, from its name. */
    public static final String WITH_ROWS = "!";

    public Definitions {
        facts = Map.copyOf(facts);
        partitions = Map.copyOf(partitions);
        storage = Map.copyOf(storage);
        memberships = Map.copyOf(memberships);
    }

    /** The same with more facts. */
    public Definitions with(Map<String, Set<String>> more) {
        var all = new HashMap<>(facts);
        all.putAll(more);
        return new Definitions(all, partitions, storage, memberships);
    }

    /** As it is to be kept: of a partition only that it is there. */
    public Definitions kept() {
        var identifiers = partitions.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> identifiers(entry.getValue())));
        return new Definitions(facts, identifiers, storage, memberships);
    }

    /** In what way documents of {@code index} that were written when {@code known} held are not what they would be now. */
    public List<Divergence> since(Definitions known, String index) {
        var changes = new ArrayList<Divergence>();
        Set<String> redefined = new TreeSet<>();
        known.facts.forEach((name, parts) -> {
            if (!facts.getOrDefault(name, Set.of()).containsAll(parts)) {
                redefined.add(name);
            }
        });
        known.storage.forEach((column, then) -> {
            if (isRewritten(then, storage.getOrDefault(column, then))) {
                redefined.add("the values of " + column);
            }
        });
        if (!redefined.isEmpty()) {
            changes.add(new Divergence(
                    Kind.DEFINITION_CHANGED,
                    index,
                    "no longer as when its documents were written: " + String.join(", ", redefined)));
        }
        compareMemberships(known, index, changes);
        known.partitions.forEach((table, then) -> comparePartitions(table, then, index, changes));
        return changes;
    }

    private static boolean isRewritten(List<String> then, List<String> now) {
        return !then.get(0).equals(now.get(0))
                && !then.get(1).equals(now.get(1))
                && then.get(2).equals(now.get(2));
    }

    /** A table that is not published now has a kind of its own, which is told elsewhere. */
    private void compareMemberships(Definitions known, String index, List<Divergence> changes) {
        String others = known.memberships.entrySet().stream()
                .filter(then -> Optional.ofNullable(memberships.get(then.getKey()))
                        .filter(now -> !Membership.isOneOf(then.getValue(), now))
                        .isPresent())
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            changes.add(new Divergence(
                    Kind.PUBLICATION_CHANGED,
                    index,
                    "not published all the time, so changes may be missing (the publication was made again or altered, or they left it and came back): "
                            + others));
        }
    }

    private void comparePartitions(String table, Set<String> then, String index, List<Divergence> changes) {
        Set<String> now = partitions.getOrDefault(table, Set.of());
        Set<String> left = new HashSet<>(then);
        left.removeAll(identifiers(now));
        String came = now.stream()
                .map(partition -> partition.split(WITH_ROWS, 2))
                .filter(partition -> partition.length > 1 && !then.contains(partition[0]))
                .map(partition -> partition[1])
                .sorted()
                .collect(Collectors.joining(", "));
        if (!came.isEmpty()) {
            changes.add(new Divergence(
                    Kind.PARTITIONS_CHANGED,
                    index,
                    "\"%s\" got partitions with rows that the log does not have: %s".formatted(table, came)));
        }
        if (!left.isEmpty()) {
            changes.add(new Divergence(
                    Kind.PARTITIONS_CHANGED,
                    index,
                    "%d partitions of \"%s\" were detached or dropped, and the log does not say with which rows"
                            .formatted(left.size(), table)));
        }
    }

    private static Set<String> identifiers(Set<String> partitions) {
        return partitions.stream()
                .map(partition -> partition.split(WITH_ROWS, 2)[0])
                .collect(Collectors.toSet());
    }
}
