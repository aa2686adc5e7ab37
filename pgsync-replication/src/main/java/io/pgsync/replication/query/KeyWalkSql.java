package io.pgsync.replication.query;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.tree.JoinStep;
import io.pgsync.replication.sql.SqlNames;
import java.util.List;
import java.util.stream.Collectors;

/** The statement that walks one path from given rows up to the keys of the roots, each root once. */
final class KeyWalkSql {
    private final PathToRoot path;
    private final Start start;

    KeyWalkSql(PathToRoot path, Start start) {
        this.path = path;
        this.start = start;
    }

    String sql() {
        List<JoinStep> steps = path.steps();
        var from = new StringBuilder();
        if (start == Start.KEY) {
            from.append(SqlNames.quoted(path.start().name())).append(" AS s");
        }
        for (int i = 0; i < steps.size(); i++) {
            boolean first = i == 0 && start == Start.LINK;
            String lower = i == 0 ? "s" : upper(i - 1);
            from.append(first ? "" : " JOIN ")
                    .append(SqlNames.quoted(steps.get(i).upper().name()))
                    .append(" AS ")
                    .append(upper(i));
            from.append(first ? "" : " ON " + joined(steps.get(i), lower, upper(i)));
        }
        String rootAlias = steps.isEmpty() ? "s" : upper(steps.size() - 1);
        String key = path.tree().root().key().stream()
                .map(column -> Sql.text(Sql.column(rootAlias, column)))
                .collect(Collectors.joining(", "));
        return "SELECT DISTINCT " + key + " FROM " + from + " WHERE "
                + condition().sql();
    }

    int keySize() {
        return path.tree().root().key().size();
    }

    /** The rows from which to start; their values have the types of the starting table's columns. */
    KeyCondition condition() {
        if (start == Start.KEY) {
            List<String> key = path.start().primaryKey();
            return new KeyCondition(
                    key.stream().map(column -> Sql.column("s", column)).toList(),
                    key.stream().map(path::typeOf).toList());
        }
        List<ColumnPair> pairs = path.steps().get(0).pairs();
        return new KeyCondition(
                pairs.stream().map(pair -> Sql.column(upper(0), pair.upper())).toList(),
                pairs.stream().map(pair -> path.typeOf(pair.lower())).toList());
    }

    private static String upper(int step) {
        return "u" + step;
    }

    private static String joined(JoinStep step, String lower, String upper) {
        return step.pairs().stream()
                .map(pair -> Sql.column(upper, pair.upper()) + " = " + Sql.column(lower, pair.lower()))
                .collect(Collectors.joining(" AND "));
    }
}
