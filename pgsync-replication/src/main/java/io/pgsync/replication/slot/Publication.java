package io.pgsync.replication.slot;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.sql.SqlNames;
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
 * A publication as the catalog shows it now.
 *
 * @param exists false if there is none of that name; everything else is then empty
 * @param keeper who decides what is in it
 * @param hasOptions whether every operation is published, and partitions as their root
 * @param members the tables that were added by name, and those whose changes come under their own name
 * @param comment the text of the last COMMENT ON PUBLICATION
 */
public record Publication(
        String name,
        boolean exists,
        Keeper keeper,
        boolean hasOptions,
        Map<TableName, Membership> members,
        Optional<String> comment) {
    static final String OPTIONS = "(publish = 'insert, update, delete, truncate', publish_via_partition_root = true)";

    public Publication {
        members = Map.copyOf(members);
    }

    static Publication absent(String name) {
        return new Publication(name, false, Keeper.US, false, Map.of(), Optional.empty());
    }

    /**
     * Who decides what is in a publication. One that others keep is used as it is, or not at all: it is never altered,
     * marked or dropped.
     */
    public enum Keeper {
        US(""),
        /** Its owner is another role, of which ours is not a member. */
        ANOTHER_ROLE("belongs to another role"),
        /** It is for all tables, or for all tables of a schema: bootstrap never creates such a publication. */
        NOBODY("is for all tables, or for all of a schema");

        private final String words;

        Keeper(String words) {
            this.words = words;
        }
    }

    /** Whether it may be altered, and dropped when it is no longer needed; a missing one may be created. */
    public boolean isKeptByUs() {
        return keeper == Keeper.US;
    }

    /** Why it is not altered, in words that follow its name. */
    public String keptBy() {
        return keeper.words;
    }

    /**
     * One table in it.
     *
     * @param listed whether it was added by name
     * @param published whether its changes come under its own name; changes of a partition may come under its root's
     * @param filtered whether a row filter leaves rows out
     */
    public record Membership(boolean listed, boolean published, boolean filtered) {}

    /** The tables that were added by name. */
    public Set<TableName> listed() {
        return chosen(Membership::listed);
    }

    /** Whether bootstrap must add {@code table}; only the table's owner may. */
    public boolean lacks(TableName table) {
        Membership member = members.getOrDefault(table, new Membership(false, false, false));
        return isKeptByUs() && (member.filtered() || (!member.listed() && !member.published()));
    }

    /** The mark in its comment, which says whom it serves. */
    Optional<PublicationMark> mark() {
        return comment.flatMap(PublicationMark::parse);
    }

    /**
     * Those of {@code wanted} of which some changes do not come under their own name, each with the reason, in words
     * that follow the table's name. This is the only place that decides whether a table is published.
     */
    public Map<TableName, String> unpublished(Collection<TableName> wanted) {
        var reasons = new TreeMap<TableName, String>();
        wanted.forEach(table -> reasonAgainst(table).ifPresent(reason -> reasons.put(table, reason)));
        return reasons;
    }

    private Optional<String> reasonAgainst(TableName table) {
        Membership member = members.getOrDefault(table, new Membership(false, false, false));
        boolean isIn = member.listed() || member.published();
        if (!exists || (!isIn && keeper != Keeper.NOBODY)) {
            return Optional.of(
                    "which is no longer in publication \"%s\" (was it dropped and created again?)".formatted(name));
        }
        if (!hasOptions) {
            return Optional.of("of which publication \"%s\" leaves changes out, by its options".formatted(name));
        }
        if (!isIn) {
            return Optional.of(
                    "which publication \"%s\" does not have under its own name (as a part of another table, or of another schema)"
                            .formatted(name));
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

    /** Whether it serves {@code wanted}, or bootstrap can make it so; {@code role} is the role of bootstrap. */
    public Finding finding(Collection<TableName> wanted, String role) {
        String subject = "publication " + name;
        if (keeper == Keeper.US) {
            return Finding.fine(subject, "may be altered");
        }
        Map<TableName, String> unpublished = unpublished(wanted);
        if (unpublished.isEmpty()) {
            return Finding.fine(subject, "it " + keeper.words + ", and is used as it is");
        }
        String what = unpublished.entrySet().stream()
                .map(table -> table.getKey() + ", " + table.getValue())
                .collect(Collectors.joining("; "));
        return Finding.problem(
                subject,
                "it %s, so it is used as it is, but it does not have every change of %s".formatted(keeper.words, what),
                remedy(wanted, role));
    }

    private String remedy(Collection<TableName> wanted, String role) {
        String ownWay = "choose another publication name, under which bootstrap makes one";
        Set<TableName> also = new TreeSet<>(listed());
        also.addAll(wanted);
        return switch (keeper) {
            case US -> "";
            case ANOTHER_ROLE ->
                "ALTER PUBLICATION %s OWNER TO %s; -- or let its owner run: %s; or %s"
                        .formatted(
                                SqlNames.quoted(name),
                                SqlNames.quoted(role),
                                String.join("; ", statementsFor(also)),
                                ownWay);
            case NOBODY -> hasOptions ? ownWay : "Let its owner run: " + options() + "; or " + ownWay;
        };
    }

    private String options() {
        return "ALTER PUBLICATION " + SqlNames.quoted(name) + " SET " + OPTIONS;
    }

    /** The statements that make it publish all changes of exactly {@code wanted}; empty if it does already. */
    List<String> statementsFor(Set<TableName> wanted) {
        if (!exists) {
            return List.of("CREATE PUBLICATION " + SqlNames.quoted(name)
                    + (wanted.isEmpty() ? "" : " FOR TABLE " + list(wanted)) + " WITH " + OPTIONS);
        }
        // Added and dropped one by one, not set as a whole: adding a table needs its ownership, so only missing tables
        // are added. One that has a filter is dropped and added again.
        String alter = "ALTER PUBLICATION " + SqlNames.quoted(name);
        Set<TableName> filtered = chosen(Membership::filtered);
        Set<TableName> missing = without(wanted, chosen(member -> member.listed() || member.published()));
        missing.addAll(without(wanted, without(wanted, filtered)));
        Set<TableName> dropped = without(listed(), wanted);
        dropped.addAll(without(wanted, without(wanted, filtered)));
        List<String> statements = new ArrayList<>();
        if (!hasOptions) {
            statements.add(options());
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
        return tables.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
    }
}
