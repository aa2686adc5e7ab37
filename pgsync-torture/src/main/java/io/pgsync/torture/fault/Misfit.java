package io.pgsync.torture.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.torture.client.Session;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.server.Handwork;
import io.pgsync.torture.tree.Node;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** A mapping that some documents do not fit for a while: it also takes a number of theirs for an hour of the day. */
final class Misfit {
    /** In every document, unless it was moved. */
    private static final String FIELD = "v";

    private static final String PART = "hour";
    /** No hour, but a number that the conditions of all trees let pass. */
    private static final int NO_HOUR = 28;

    private static final int DOCUMENTS = 5;

    private final String name;
    private final Node root;
    private final Handwork hand;
    private final Session control;
    private final StepLog log;

    /** {@code name}: that of the index in the schema file. */
    Misfit(String name, Node root, Handwork hand, Session control, StepLog log) {
        this.name = name;
        this.root = root;
        this.hand = hand;
        this.control = control;
        this.log = log;
    }

    /** The index that refuses such documents from now on; empty where there is none, or no such field. */
    Optional<String> begin() throws IOException {
        var index = hand.indexBehind(name);
        return index.isPresent() && put(index.get(), false) ? index : Optional.empty();
    }

    /** It takes them again, and leaves the hour out. */
    void end(String index) throws IOException {
        put(index, true);
    }

    private boolean put(String index, boolean takesAny) throws IOException {
        Optional<JsonNode> field = hand.fields(index).map(fields -> fields.path(FIELD));
        if (field.filter(found -> found.has("type")).isEmpty()) {
            return false;
        }
        log.step("hand", "%s %s documents whose %s is no hour".formatted(index, takesAny ? "takes" : "refuses", FIELD));
        ObjectNode changed = field.get().deepCopy();
        changed.withObjectProperty("fields")
                .putObject(PART)
                .put("type", "date")
                .put("format", "k")
                .put("ignore_malformed", takesAny);
        hand.putFields(index, Node.JSON.createObjectNode().set(FIELD, changed));
        return true;
    }

    /** Makes some documents such that they are refused. False where there are none, or other clients are in the way. */
    boolean strikesDocuments() throws SQLException {
        var key = String.join(", ", root.table().keyNames());
        var change = "UPDATE %1$s SET v = %2$d WHERE (%3$s) IN (SELECT %3$s FROM %1$s WHERE %4$s LIMIT %5$d)"
                .formatted(
                        root.table().name(),
                        NO_HOUR,
                        key,
                        root.written().path("where").asText("true"),
                        DOCUMENTS);
        log.step("control", change);
        try (var statement = control.connection().createStatement()) {
            return statement.executeUpdate(change) > 0;
        } catch (SQLException refused) {
            log.step("control", "-- refused: " + refused.getMessage());
            return false;
        }
    }
}
