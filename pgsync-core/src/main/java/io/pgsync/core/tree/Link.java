package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * How two tables can be joined.
 *
 * @param constraint the foreign key that makes the link
 * @param upperReferences whether the upper table has the reference, not the lower one
 */
record Link(String constraint, List<ColumnPair> pairs, boolean upperReferences) {
    Link {
        pairs = List.copyOf(pairs);
    }

    /**
     * The links that foreign keys make, in both directions. A self reference makes only one, in which the lower rows
     * have the reference. A link whose pairs are all part of another link is left out: for rows that obey both
     * constraints, the longer join gives the same result.
     */
    static List<Link> between(TableDefinition upper, TableDefinition lower) {
        var links = new ArrayList<Link>();
        for (ForeignKey key : lower.foreignKeys()) {
            if (key.references().equals(upper.name())) {
                links.add(new Link(key.name(), pairs(key.referencedColumns(), key.columns()), false));
            }
        }
        for (ForeignKey key : upper.foreignKeys()) {
            if (key.references().equals(lower.name()) && !upper.name().equals(lower.name())) {
                links.add(new Link(key.name(), pairs(key.columns(), key.referencedColumns()), true));
            }
        }
        return longest(links);
    }

    private static List<Link> longest(List<Link> links) {
        var kept = new ArrayList<Link>();
        for (Link link : links) {
            if (kept.stream().noneMatch(other -> other.covers(link))) {
                kept.removeIf(link::covers);
                kept.add(link);
            }
        }
        return kept;
    }

    private boolean covers(Link other) {
        return new HashSet<>(pairs).containsAll(other.pairs);
    }

    static List<ColumnPair> pairs(List<String> upper, List<String> lower) {
        var pairs = new ArrayList<ColumnPair>();
        for (int i = 0; i < upper.size(); i++) {
            pairs.add(new ColumnPair(upper.get(i), lower.get(i)));
        }
        return pairs;
    }

    List<String> upperColumns() {
        return pairs.stream().map(ColumnPair::upper).toList();
    }

    List<String> lowerColumns() {
        return pairs.stream().map(ColumnPair::lower).toList();
    }
}
