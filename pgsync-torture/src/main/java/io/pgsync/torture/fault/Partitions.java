package io.pgsync.torture.fault;

import io.pgsync.torture.client.Session;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.tree.Partition;
import io.pgsync.torture.tree.Table;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** The partitions of a tree's tables that come and go while it is followed, in an order of their own. */
public final class Partitions {
    private static final String PATIENCE = "SET lock_timeout = '5s'";

    private final Session control;
    private final StepLog log;
    private final Deque<String> missing = new ArrayDeque<>();
    private final List<Partition> attached = new ArrayList<>();
    private final Deque<Partition> detached = new ArrayDeque<>();

    Partitions(Collection<Table> tables, Session control, StepLog log) {
        this.control = control;
        this.log = log;
        for (var table : tables) {
            var partitions = table.partitions();
            partitions.later().forEach(partition -> missing.add(partition.add()));
            attached.addAll(partitions.thatCanLeave());
        }
    }

    /** A new partition has the replica identity that every new table has, whatever that of its parent, if a key identifies its rows. */
    boolean add() throws SQLException {
        return !missing.isEmpty() && succeeds(missing.remove());
    }

    /** Its rows leave the table, of which the log says nothing; and change, of which nobody must learn. */
    boolean detach() throws SQLException {
        if (attached.isEmpty()) {
            return false;
        }
        var partition = attached.remove(0);
        if (!succeeds("ALTER TABLE %s DETACH PARTITION %s".formatted(partition.table(), partition.name()))) {
            attached.add(partition);
            return false;
        }
        detached.add(partition);
        succeeds("UPDATE %s SET v = (v + 1) %% 10".formatted(partition.name()));
        return true;
    }

    boolean attach() throws SQLException {
        if (detached.isEmpty()) {
            return false;
        }
        var partition = detached.remove();
        if (!succeeds("ALTER TABLE %s ATTACH PARTITION %s FOR VALUES %s"
                .formatted(partition.table(), partition.name(), partition.bounds()))) {
            detached.add(partition);
            return false;
        }
        attached.add(partition);
        return true;
    }

    private boolean succeeds(String change) throws SQLException {
        log.step("control", change);
        try (var statement = control.connection().createStatement()) {
            statement.execute(PATIENCE);
            statement.execute(change);
            return true;
        } catch (SQLException refused) {
            log.step("control", "-- refused: " + refused.getMessage());
            return false;
        }
    }
}
