package io.pgsync.core.tree;

import io.pgsync.core.catalog.Comparability;
import io.pgsync.core.catalog.TableDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The links between a through table and one of the tables that it joins. {@code foreign_key} on such a node picks among several
 * constraints, or takes the place of a missing one: {@code parent} names the through table's columns that meet the parent, {@code child}
 * those that meet the node. The joined table's own columns are understood as well, where constraints or the customary
 * {@code <table>_<column>} tell what they meet. Where there is just one constraint it counts, whatever {@code foreign_key} says: so does
 * PGSync, which does not look at it.
 */
record ThroughLinks(TableDefinition through, TableDefinition joined, List<String> declared) {
    private static final String DECLARED = "foreign_key";

    /** With the through table as the lower one. */
    List<Link> below() {
        List<Link> links = Link.between(joined, through);
        if (links.isEmpty()) {
            return byNames()
                    .map(named -> new Link(DECLARED, Link.pairs(named.ofJoined(), named.ofThrough()), false))
                    .toList();
        }
        return picked(links, true);
    }

    /** With the through table as the upper one. */
    List<Link> above() {
        List<Link> links = Link.between(through, joined);
        if (links.isEmpty()) {
            return byNames()
                    .map(named -> new Link(DECLARED, Link.pairs(named.ofThrough(), named.ofJoined()), true))
                    .toList();
        }
        return picked(links, false);
    }

    private List<Link> picked(List<Link> links, boolean throughIsLower) {
        List<Link> byThrough = links.stream()
                .filter(link -> declares(throughIsLower ? link.lowerColumns() : link.upperColumns()))
                .toList();
        List<Link> byJoined = links.stream()
                .filter(link -> declares(throughIsLower ? link.upperColumns() : link.lowerColumns()))
                .toList();
        return Stream.of(byThrough, byJoined)
                .filter(found -> found.size() == 1)
                .findFirst()
                .orElse(links);
    }

    private boolean declares(List<String> columns) {
        return new HashSet<>(columns).equals(new HashSet<>(declared));
    }

    /** Columns of both tables that meet, in the same order. */
    private record Meeting(List<String> ofThrough, List<String> ofJoined) {}

    /** The columns that meet, if names alone can tell them. */
    private Stream<Meeting> byNames() {
        if (declared.isEmpty()) {
            return Stream.empty();
        }
        List<String> customary = declared.stream()
                .map(column -> joined.name().table() + "_" + column)
                .toList();
        return Stream.of(
                        new Meeting(customary, declared),
                        new Meeting(declared, declared),
                        new Meeting(declared, joined.primaryKey()))
                .filter(this::fits)
                .limit(1);
    }

    private boolean fits(Meeting meeting) {
        return meeting.ofThrough().size() == meeting.ofJoined().size()
                && meeting.ofThrough().stream()
                        .allMatch(column -> through.column(column).isPresent())
                && meeting.ofJoined().stream()
                        .allMatch(column -> joined.column(column).isPresent())
                && Link.pairs(meeting.ofThrough(), meeting.ofJoined()).stream()
                        .allMatch(pair -> Comparability.comparable(
                                through.column(pair.upper()).orElseThrow().type(),
                                joined.column(pair.lower()).orElseThrow().type()));
    }
}
