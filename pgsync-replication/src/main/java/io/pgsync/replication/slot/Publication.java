package io.pgsync.replication.slot;

import io.pgsync.core.change.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A publication as the catalogue shows it now.
 *
 * @param exists false where there is none of that name; everything else is then empty
 * @param hasOptions every operation is published, and partitions as their root
 * @param members the tables that it has by name, and those whose changes come under their own name
 * @param comment what COMMENT ON PUBLICATION said last
 */
public record Publication(
        String name, boolean exists, boolean hasOptions, Map<TableName, Membership> members, Optional<String> comment) {
    static final String OPTIONS = "(publish = 'insert, update, delete, truncate', publish_via_partition_root = true)";

    public Publication {
        members = Map.copyOf(members);
    }

    static Publication absent(String name) {
        return new Publication(name, false, false, Map.of(), Optional.empty());
    }

    /**
     * One table in it.
     *
     * @param listed it was added by name
     * @param published its changes come under its own name; those of a partition may come as its root's
     * @param filtered not all of its rows are published (a row filter)
     */
    record Membership(boolean listed, boolean published, boolean filtered) {}

    /** The tables that were added by name. */
    public Set<TableName> listed() {
        return chosen(Membership::listed);
    }

    /** What of the comment on it says whom it serves. */
    Optional<PublicationMark> mark() {
        return comment.flatMap(PublicationMark::parse);
    }

    /**
     * Those of {@code wanted} of which not every change comes under their own name, each with the reason in words that follow the table's
     * name. Whoever asks whether a table is published asks here.
     */
    public Map<TableName, String> unpublished(Collection<TableName> wanted) {
        var reasons = new TreeMap<TableName, String>();
        wanted.forEach(table -> reasonAgainst(table).ifPresent(reason -> reasons.put(table, reason)));
        return reasons;
    }

    private Optional<String> reasonAgainst(TableName table) {
        Membership member = members.getOrDefault(table, new Membership(false, false, false));
        if (!exists || !(member.listed() || member.published())) {
            return Optional.of(
                    "which is not in publication \"%s\" any more (was it dropped and created again?)".formatted(name));
        }
        if (!hasOptions) {
            return Optional.of("of which publication \"%s\" leaves changes out, by its options".formatted(name));
        }
        if (!member.published()) {
            return Optional.of(
                    "which publication \"%s\" has as a part of another table, under whose name its changes come"
                            .formatted(name));
        }
        return member.filtered()
                ? Optional.of("of which publication \"%s\" leaves rows out, by a row filter".formatted(name))
                : Optional.empty();
    }

    /** The statements that make it publish every change of just {@code wanted}; none where it does. */
    List<String> statementsFor(Set<TableName> wanted) {
        if (!exists) {
            return List.of("CREATE PUBLICATION " + quoted(name) + (wanted.isEmpty() ? "" : " FOR TABLE " + list(wanted))
                    + " WITH " + OPTIONS);
        }
        // Added and dropped one by one, not set as a whole: adding needs ownership, and only for the tables that are
        // added. One that is there with a filter is added anew.
        String alter = "ALTER PUBLICATION " + quoted(name);
        Set<TableName> filtered = chosen(Membership::filtered);
        Set<TableName> missing = without(wanted, chosen(member -> member.listed() || member.published()));
        missing.addAll(without(wanted, without(wanted, filtered)));
        Set<TableName> dropped = without(listed(), wanted);
        dropped.addAll(without(wanted, without(wanted, filtered)));
        List<String> statements = new ArrayList<>();
        if (!hasOptions) {
            statements.add(alter + " SET " + OPTIONS);
        }
        if (!dropped.isEmpty()) {
            statements.add(alter + " DROP TABLE " + list(dropped));
        }
        if (!missing.isEmpty()) {
            statements.add(alter + " ADD TABLE " + list(missing));
        }
        return statements;
    }

    private Set<TableName> chosen(Predicate<Membership> quality) {
        return members.entrySet().stream()
                .filter(member -> quality.test(member.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<TableName> without(Set<TableName> all, Set<TableName> some) {
        Set<TableName> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static String list(Set<TableName> tables) {
        return tables.stream()
                .map(table -> quoted(table.schema()) + "." + quoted(table.table()))
                .collect(Collectors.joining(", "));
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
