package io.pgsync.core.catalog;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything outside the rows of a tree's tables that affects its documents, and whose changes are therefore not in the
 * log: types, views, functions, constraints, partitions, the publication. The state of an index keeps it as it was when
 * the load of the index began, for comparison with the present.
 *
 * @param facts parts of each definition by its name; added parts do not matter, removed parts do
 * @param partitions the identifiers of each table's partitions
 * @param storage for each column, its last change, the file of its table, and its type; values were rewritten if the
 *     first two changed and the last did not
 * @param memberships for each published table, how it is published: see {@link Membership}
 * @param attachments the marks of each table's partitions, see {@link AttachedPartition}; empty in states of earlier
 *     releases
 */
public record Definitions(
        Map<String, Set<String>> facts,
        Map<String, Set<String>> partitions,
        Map<String, List<String>> storage,
        Map<String, Set<String>> memberships,
        Map<String, Set<String>> attachments) {
    public Definitions {
        facts = Map.copyOf(facts);
        partitions = Map.copyOf(partitions);
        storage = Map.copyOf(storage);
        memberships = Map.copyOf(memberships);
        attachments = Map.copyOf(attachments);
    }

    /** Without the marks of partitions. */
    public Definitions(
            Map<String, Set<String>> facts,
            Map<String, Set<String>> partitions,
            Map<String, List<String>> storage,
            Map<String, Set<String>> memberships) {
        this(facts, partitions, storage, memberships, Map.of());
    }

    /** The same, with more facts. */
    public Definitions with(Map<String, Set<String>> more) {
        var all = new HashMap<>(facts);
        all.putAll(more);
        return new Definitions(all, partitions, storage, memberships, attachments);
    }

    /** The form to keep: without what only tells about the present. */
    public Definitions kept() {
        Map<String, Set<String>> marks = attachments.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        table -> table.getValue().stream()
                                .map(mark -> AttachedPartition.of(mark).kept())
                                .collect(Collectors.toSet())));
        return new Definitions(facts, partitions, storage, memberships, marks);
    }

    /** Partitions that came or left since {@code known}. */
    public PartitionChanges partitionsSince(Definitions known) {
        return PartitionChanges.between(known.marks(), marks());
    }

    private Map<String, List<AttachedPartition>> marks() {
        return partitions.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        table -> attachments.getOrDefault(table.getKey(), table.getValue()).stream()
                                .map(AttachedPartition::of)
                                .toList()));
    }

    /**
     * Why documents of {@code index} that were written under {@code known} may differ from what they would be now.
     * Partitions are told apart, by {@link #partitionsSince}.
     */
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
        return changes;
    }

    private static boolean isRewritten(List<String> then, List<String> now) {
        return !then.get(0).equals(now.get(0))
                && !then.get(1).equals(now.get(1))
                && then.get(2).equals(now.get(2));
    }

    /** Ignores tables that are not published now: another kind of divergence reports them. */
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
}
