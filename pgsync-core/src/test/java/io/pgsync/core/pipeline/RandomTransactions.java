package io.pgsync.core.pipeline;

import static io.pgsync.core.affected.LoggedTable.NULL;

import io.pgsync.core.affected.LoggedTable;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Truncated;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Transactions as a database would allow them: a row that one has locked is left alone until it is visible. */
final class RandomTransactions {
    private static final int IDS = 6;

    private final Random random;
    private final SimulatedSource source;
    private final Map<TableDefinition, LoggedTable> logged = new HashMap<>();
    private final Set<String> locked = new HashSet<>();
    private int version;

    RandomTransactions(Random random, SimulatedSource source) {
        this.random = random;
        this.source = source;
        for (TableDefinition table : SimulatedTables.TABLES) {
            boolean full = random.nextInt(3) == 0;
            logged.put(table, full ? LoggedTable.full(table) : LoggedTable.of(table));
        }
    }

    void commitOne() {
        var changes = new ArrayList<ChangeEvent>();
        var effects = new ArrayList<Consumer<SimulatedTables>>();
        var locks = new ArrayList<String>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            change(changes, effects, locks);
        }
        if (!changes.isEmpty()) {
            effects.add(tables -> locks.forEach(locked::remove));
            source.commit(source.new Transaction(changes, tables -> effects.forEach(e -> e.accept(tables))));
        }
    }

    private void change(List<ChangeEvent> changes, List<Consumer<SimulatedTables>> effects, List<String> locks) {
        TableDefinition table = SimulatedTables.TABLES.get(random.nextInt(SimulatedTables.TABLES.size()));
        if (random.nextInt(60) == 0) {
            truncate(table, changes, effects, locks);
            return;
        }
        String id = id();
        if (!lock(table, id, locks)) {
            return;
        }
        List<String> before = source.visible.of(table).get(id);
        if (before == null) {
            List<String> row = row(table, id);
            changes.add(logged.get(table).insert(row.toArray(String[]::new)));
            effects.add(tables -> tables.of(table).put(id, row));
        } else if (random.nextInt(4) == 0) {
            changes.add(logged.get(table).delete(old(table, before).toArray(String[]::new)));
            effects.add(tables -> tables.of(table).remove(id));
        } else {
            update(table, before, changes, effects, locks);
        }
    }

    private void update(
            TableDefinition table,
            List<String> before,
            List<ChangeEvent> changes,
            List<Consumer<SimulatedTables>> effects,
            List<String> locks) {
        String id = before.get(0);
        String other = id();
        boolean rekey = random.nextInt(6) == 0
                && !other.equals(id)
                && !source.visible.of(table).containsKey(other)
                && lock(table, other, locks);
        List<String> after = row(table, rekey ? other : id);
        boolean full = logged.get(table).relation().identity() == ReplicaIdentity.FULL;
        String[] values = after.toArray(String[]::new);
        changes.add(
                full || rekey
                        ? logged.get(table).update(old(table, before), values)
                        : logged.get(table).update(values));
        effects.add(tables -> {
            tables.of(table).remove(id);
            tables.of(table).put(after.get(0), after);
        });
    }

    private void truncate(
            TableDefinition table,
            List<ChangeEvent> changes,
            List<Consumer<SimulatedTables>> effects,
            List<String> locks) {
        String prefix = table.name() + "/";
        if (locked.stream().anyMatch(lock -> lock.startsWith(prefix))) {
            return;
        }
        for (int id = 0; id < IDS; id++) {
            lock(table, Integer.toString(id), locks);
        }
        changes.add(new Truncated(List.of(logged.get(table).relation())));
        effects.add(tables -> tables.of(table).clear());
    }

    private boolean lock(TableDefinition table, String id, List<String> locks) {
        String lock = table.name() + "/" + id;
        return locked.add(lock) && locks.add(lock);
    }

    private List<String> old(TableDefinition table, List<String> row) {
        if (logged.get(table).relation().identity() == ReplicaIdentity.FULL) {
            return row;
        }
        var key = new ArrayList<>(Collections.nCopies(row.size(), NULL));
        key.set(0, row.get(0));
        return key;
    }

    private List<String> row(TableDefinition table, String id) {
        var row = new ArrayList<String>(List.of(id));
        boolean poison = random.nextInt(12) == 0;
        row.add(poison ? SimulatedDocuments.POISON : "v" + ++version);
        for (int column = 2; column < table.columns().size(); column++) {
            row.add(random.nextInt(6) == 0 ? NULL : id());
        }
        return row;
    }

    private String id() {
        return Integer.toString(random.nextInt(IDS));
    }
}
