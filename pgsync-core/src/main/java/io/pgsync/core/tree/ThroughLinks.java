package io.pgsync.core.tree;

import io.pgsync.core.catalog.Comparability;
import io.pgsync.core.catalog.TableDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The links between a through table and one of the tables that it joins. On such a node, {@code foreign_key} chooses
 * one of several constraints, or replaces a missing one: {@code parent} names the columns of the through table for the
 * link to the parent, {@code child} those for the link to the node. It may also name columns of the joined table, if
 * constraints or the usual {@code <table>_<column>} tell their partners. If there is exactly one constraint, it counts,
 * whatever {@code foreign_key} says, because PGSync ignores it.
 */
record ThroughLinks(TableDefinition through, TableDefinition joined, List<String> declared) {
    private static final String DECLARED = "foreign_key";

    /** The links with the through table as the lower table. */
    List<Link> below() {
        List<Link> links = Link.between(joined, through);
        if (links.isEmpty()) {
            return byNames()
                    .map(named -> new Link(DECLARED, Link.pairs(named.ofJoined(), named.ofThrough()), false))
                    .toList();
        }
        return picked(links, true);
    }

    /** The links with the through table as the upper table. */
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

    /** Paired columns of both tables, in the same order. */
    private record Meeting(List<String> ofThrough, List<String> ofJoined) {}

    /** The paired columns, if names alone tell them. */
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
