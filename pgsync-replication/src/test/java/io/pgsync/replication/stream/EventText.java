package io.pgsync.replication.stream;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.OldRow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Row;
import io.pgsync.core.change.RowChange.RowDeleted;
import io.pgsync.core.change.RowChange.RowInserted;
import io.pgsync.core.change.RowChange.RowUpdated;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes events in one line, so that a test can show a whole stream: {@code UPDATE book KEY(id=1, title=?) -> (id=2, title=x)}. */
final class EventText {
    private static final int LONGEST_VALUE = 40;

    private EventText() {}

    static String of(ChangeEvent event) {
        if (event instanceof ChangeEvent.Begin) {
            return "BEGIN";
        }
        if (event instanceof ChangeEvent.Commit) {
            return "COMMIT";
        }
        if (event instanceof RowInserted inserted) {
            return "INSERT " + name(inserted.relation()) + " " + text(inserted.relation(), inserted.after());
        }
        if (event instanceof RowUpdated updated) {
            return "UPDATE " + name(updated.relation()) + " "
                    + updated.before()
                            .map(old -> text(updated.relation(), old) + " -> ")
                            .orElse("") + text(updated.relation(), updated.after());
        }
        if (event instanceof RowDeleted deleted) {
            return "DELETE " + name(deleted.relation()) + " " + text(deleted.relation(), deleted.before());
        }
        if (event instanceof ChangeEvent.Truncated truncated) {
            return "TRUNCATE "
                    + truncated.relations().stream()
                            .map(EventText::name)
                            .sorted()
                            .toList();
        }
        if (event instanceof ChangeEvent.Message message) {
            return "MESSAGE " + message.prefix() + " "
                    + StandardCharsets.UTF_8.decode(message.content().duplicate());
        }
        if (event instanceof ChangeEvent.RelationDescribed described) {
            return "RELATION " + name(described.relation());
        }
        throw new AssertionError("Unhandled event: " + event);
    }

    private static String name(Relation relation) {
        return relation.name().table();
    }

    private static String text(Relation relation, OldRow old) {
        return old.kind() + text(relation, old.row());
    }

    private static String text(Relation relation, Row row) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            columns.add(relation.columns().get(i).name() + "=" + text(row.value(i)));
        }
        return "(" + String.join(", ", columns) + ")";
    }

    private static String text(ColumnValue value) {
        if (value instanceof ColumnValue.Text text) {
            int length = text.value().length();
            return length > LONGEST_VALUE ? length + " characters" : text.value();
        }
        if (value instanceof ColumnValue.Unreadable) {
            return "no text";
        }
        return value instanceof ColumnValue.SqlNull ? "null" : "?";
    }
}
