package io.pgsync.core.affected;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.SqlNull;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.ColumnValue.UnchangedToast;
import io.pgsync.core.change.ColumnValue.Unreadable;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.Column;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import java.util.List;
import java.util.Optional;

/** Changes of one table as the log would carry them. Values stand in the order of the columns. */
public record LoggedTable(Relation relation) {
    public static final String NULL = "<null>";
    public static final String TOAST = "<toast>";
    public static final String BYTES = "<bytes>";

    /** With the default identity: the primary key. */
    public static LoggedTable of(TableDefinition table) {
        return of(table, ReplicaIdentity.DEFAULT, table.primaryKey());
    }

    public static LoggedTable full(TableDefinition table) {
        return of(
                table,
                ReplicaIdentity.FULL,
                table.columns().stream().map(c -> c.name()).toList());
    }

    public static LoggedTable indexed(TableDefinition table, String... columns) {
        return of(table, ReplicaIdentity.INDEX, List.of(columns));
    }

    private static LoggedTable of(TableDefinition table, ReplicaIdentity identity, List<String> columns) {
        return new LoggedTable(new Relation(
                1,
                table.name(),
                identity,
                table.columns().stream()
                        .map(c -> new Column(c.name(), 25, columns.contains(c.name())))
                        .toList()));
    }

    public RowInserted insert(String... after) {
        return new RowInserted(relation, row(after));
    }

    /** An update that left the identity as it was. */
    public RowUpdated update(String... after) {
        return new RowUpdated(relation, Optional.empty(), row(after));
    }

    public RowUpdated update(List<String> before, String... after) {
        return new RowUpdated(relation, Optional.of(old(before)), row(after));
    }

    public RowDeleted delete(String... before) {
        return new RowDeleted(relation, old(List.of(before)));
    }

    private OldRow old(List<String> values) {
        boolean full = relation.identity() == ReplicaIdentity.FULL;
        return new OldRow(full ? OldRow.Kind.FULL : OldRow.Kind.KEY, row(values.toArray(String[]::new)));
    }

    private static Row row(String... texts) {
        return new Texts(List.of(texts));
    }

    private record Texts(List<String> texts) implements Row {
        @Override
        public int size() {
            return texts.size();
        }

        @Override
        public ColumnValue value(int index) {
            return switch (texts.get(index)) {
                case NULL -> SqlNull.INSTANCE;
                case TOAST -> UnchangedToast.INSTANCE;
                case BYTES -> new Unreadable("\\xff");
                default -> new Text(texts.get(index));
            };
        }
    }
}
