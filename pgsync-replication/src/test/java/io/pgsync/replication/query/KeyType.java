package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.TestDatabase;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A type of the server with two tables of its own: roots whose key it is, and rows below them whose key and link it is.
 *
 * @param name in pg_type
 * @param isOrdered whether the server takes it as a primary key
 */
record KeyType(int number, String sqlName, String name, boolean isOrdered) {
    static KeyType create(TestDatabase database, int number, String sqlName, String name) {
        var ordered = new KeyType(number, sqlName, name, true);
        try {
            database.execute("CREATE TABLE %s (k %s PRIMARY KEY)".formatted(ordered.root(), sqlName));
        } catch (SyncException refused) {
            database.execute(
                    "CREATE TABLE %s (k %s)".formatted(ordered.root(), sqlName),
                    "CREATE TABLE %s (k int PRIMARY KEY, up %s)".formatted(ordered.below(), sqlName));
            return new KeyType(number, sqlName, name, false);
        }
        database.execute(
                "CREATE TABLE %s (k %s PRIMARY KEY, up %s NOT NULL)".formatted(ordered.below(), sqlName, sqlName));
        return ordered;
    }

    String root() {
        return "root_" + number;
    }

    String below() {
        return "below_" + number;
    }

    String schema(String database) {
        return """
                [{"database": "%s", "index": "%s", "nodes": {"table": "%2$s", "primary_key": ["k"], "children": [
                    {"table": "%s", "primary_key": ["k"],
                     "relationship": {"type": "one_to_many", "variant": "object", "foreign_key": {"parent": ["k"], "child": ["up"]}}}]}}]
                """.formatted(database, root(), below());
    }

    /** Every value once, as the key of a root and of the row below it. */
    void fill(TestDatabase database, List<String> values) {
        assertThat(values).as("values of %s", this).isNotEmpty();
        database.execute(values.stream().map(this::insertion).collect(Collectors.joining(";")));
    }

    private String insertion(String value) {
        return "WITH new AS (INSERT INTO %s VALUES (CAST(%s AS %s)) ON CONFLICT DO NOTHING RETURNING k) INSERT INTO %s SELECT k, k FROM new"
                .formatted(root(), Sql.literal(value), sqlName, below());
    }

    void empty(TestDatabase database) {
        database.execute("DELETE FROM " + below() + "; DELETE FROM " + root());
    }

    @Override
    public String toString() {
        return sqlName;
    }
}
