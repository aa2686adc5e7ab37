package io.pgsync.core.affected;

import io.pgsync.core.affected.KeyLookups.Search;
import io.pgsync.core.affected.KeyLookups.Walk;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.tree.JoinStep;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where to search for the roots of rows from which the source cannot walk up. A document that shows such a row also
 * shows the row one step above, and the index knows which documents hold that one.
 *
 * @param role the role of the upper row
 * @param link the columns by which the rows are given; empty if they are not given by a link
 */
record UpperRole(PathToRoot role, List<ColumnPair> link, PathToRoot lower) {

    static UpperRole above(Walk walk, TableRoles roles) {
        PathToRoot path = walk.path();
        JoinStep first = path.steps().get(0);
        List<JoinStep> rest = path.steps().subList(1, path.steps().size());
        PathToRoot upper = roles.of(first.upper().name()).stream()
                .filter(role -> role.tree().index().equals(path.tree().index()))
                .filter(role -> role.steps().equals(rest))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("No role of " + first.upper().name()));
        return new UpperRole(upper, walk.start() == Start.LINK ? first.pairs() : List.of(), path);
    }

    Search search() {
        return new Search(role);
    }

    /**
     * The keys under which {@code _meta} lists the upper rows. Empty if the link does not contain them; then any
     * document with rows of the upper table counts.
     */
    Optional<List<List<String>>> keys(List<List<String>> rows) {
        List<Integer> positions = role.metaColumns().stream()
                .flatMap(column -> positionOf(column).stream())
                .toList();
        if (positions.isEmpty() || positions.size() < role.metaColumns().size()) {
            return Optional.empty();
        }
        return Optional.of(rows.stream()
                .map(row -> role.inMeta(positions.stream().map(row::get).toList()))
                .toList());
    }

    private Optional<Integer> positionOf(String upperColumn) {
        return IntStream.range(0, link.size())
                .filter(i -> link.get(i).upper().equals(upperColumn))
                .filter(i -> PathToRoot.sameTexts(
                        lower.typeOf(link.get(i).lower()),
                        role.typeOf(link.get(i).upper())))
                .boxed()
                .findFirst();
    }
}
