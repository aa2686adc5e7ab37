package io.pgsync.torture.tree;

import io.pgsync.torture.tree.Table.Body;
import io.pgsync.torture.tree.Table.Partitioning;
import io.pgsync.torture.tree.Table.Traits;
import io.pgsync.torture.tree.Table.Uniqueness;
import io.pgsync.torture.world.Condition;
import java.util.ArrayList;
import java.util.List;

/** The tables of a growing tree. */
final class RandomTables {
    private final Dice dice;
    private final List<Table> tables = new ArrayList<>();

    RandomTables(Dice dice) {
        this.dice = dice;
    }

    /** In an order in which most links find rows to refer to. */
    List<Table> all() {
        return tables;
    }

    Table any() {
        return dice.any(tables);
    }

    /** There must be one. */
    Table anyWithIdentity() {
        var choices =
                tables.stream().filter(table -> table.traits().hasIdentity()).toList();
        return choices.get(dice.below(choices.size()));
    }

    Table through(Table above, Table below) {
        var byLinks = above.key().size() + below.key().size() == 2 && dice.chance(50);
        var key = byLinks ? List.of(linkColumn(0, above), linkColumn(1, below)) : key();
        var through = new Table(
                "t" + tables.size(),
                key,
                new Traits(partitioning(key), dice.chance(35), Body.NONE, byLinks, Uniqueness.PRIMARY_KEY));
        through.declareLink(above, dice.chance(50));
        through.declareLink(below, dice.chance(50));
        tables.add(through);
        return through;
    }

    private static Column linkColumn(int number, Table target) {
        return new Column(
                "to" + number + "_" + target.address().name(), target.address().type());
    }

    Table add() {
        var lacksIdentity = dice.given(Condition.NO_IDENTITY, 30);
        var deferrable = dice.chance(50);
        return add(!lacksIdentity ? Uniqueness.PRIMARY_KEY : deferrable ? Uniqueness.DEFERRABLE : Uniqueness.UNIQUE);
    }

    Table add(Uniqueness uniqueness) {
        var key = key();
        var wide = dice.given(Condition.WIDE_ROWS, 40);
        var body = dice.chance(25) ? Body.LONG : Body.NONE;
        var table = new Table(
                "t" + tables.size(),
                key,
                new Traits(partitioning(key), dice.chance(35), wide ? Body.WIDE : body, false, uniqueness));
        tables.add(table);
        return table;
    }

    /** A partition that comes later has no replica identity but its primary key. */
    private Partitioning partitioning(List<Column> key) {
        var type = key.get(key.size() - 1).type();
        var range = dice.given(Condition.RANGE_PARTITIONS, 50);
        var hash = dice.chance(20);
        if (range && type.isOrdered()) {
            return Partitioning.RANGE;
        }
        return hash && type.isHashable() ? Partitioning.HASH : Partitioning.NONE;
    }

    private List<Column> key() {
        if (dice.chance(25)) {
            return List.of(new Column(Table.TENANT, KeyType.INTEGER), new Column("id", KeyType.INTEGER));
        }
        var types = KeyType.of(dice.world());
        var usual = dice.world().has(Condition.ODD_KEYS) ? 25 : 50;
        return List.of(new Column("id", dice.chance(usual) ? KeyType.INTEGER : dice.any(types)));
    }
}
