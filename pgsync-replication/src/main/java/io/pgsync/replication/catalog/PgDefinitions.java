package io.pgsync.replication.catalog;

import static java.util.Objects.requireNonNull;

import io.pgsync.core.catalog.AttachedPartition;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeFacts;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.TableLockedException;
import io.r2dbc.spi.Readable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Reads the {@link Definitions} of a tree from {@code pg_catalog}, with one statement that needs no rights on the
 * tables. It does not see functions that are called only inside functions whose body is a string, nor rewritten values
 * of partitioned tables.
 */
public final class PgDefinitions {
    /**
     * A name before a parenthesis in a condition may be a function; it is one if the server has a function of that
     * name.
     */
    private static final Pattern CALL = Pattern.compile("([\\p{L}_][\\p{L}\\p{N}_$]*|\"[^\"]+\")\\s*\\(");

    private final DocumentTree tree;
    private final Map<String, Set<String>> facts = new HashMap<>();
    private final Map<String, Set<String>> partitions = new HashMap<>();
    private final Map<String, Set<String>> attachments = new HashMap<>();
    private final Map<String, List<String>> storage = new HashMap<>();
    private final Map<String, Set<String>> memberships = new HashMap<>();

    private PgDefinitions(DocumentTree tree) {
        this.tree = tree;
    }

    /**
     * {@code now}: a catalog that has the tables of the tree. Fails with {@link TableLockedException} if an attached
     * partition is locked exclusively by somebody else.
     */
    public static Mono<Definitions> load(
            PostgresConnections connections, String publication, DocumentTree tree, Catalog now) {
        return Mono.defer(() -> {
            var definitions = new PgDefinitions(tree);
            List<UsedColumn> used = definitions.used();
            List<TableName> logged = definitions.logged();
            return LockWait.on(connections, tables(tree))
                    .ask(connection -> PostgresConnections.query(
                            connection,
                            DefinitionQuery.SQL,
                            definitions::add,
                            used.stream().map(column -> column.table().schema()).toArray(String[]::new),
                            used.stream().map(column -> column.table().table()).toArray(String[]::new),
                            used.stream().map(UsedColumn::name).toArray(String[]::new),
                            definitions.called().toArray(String[]::new),
                            publication,
                            logged.stream().map(TableName::schema).toArray(String[]::new),
                            logged.stream().map(TableName::table).toArray(String[]::new)))
                    .then(Mono.fromSupplier(() -> definitions.all().with(TreeFacts.of(tree, now))));
        });
    }

    private Definitions all() {
        return new Definitions(facts, partitions, storage, memberships, attachments);
    }

    /** {@code name}: empty for the table itself. */
    private record UsedColumn(TableName table, String name) {}

    private List<UsedColumn> used() {
        var columns = new LinkedHashSet<UsedColumn>();
        tables(tree).forEach(name -> columns.add(new UsedColumn(name, "")));
        tree.root()
                .nodes()
                .forEach(node -> TreeFacts.columns(node)
                        .forEach(column ->
                                columns.add(new UsedColumn(node.table().name(), column))));
        return List.copyOf(columns);
    }

    private static List<TableName> tables(DocumentTree tree) {
        return tree.tables().stream().map(TableDefinition::name).toList();
    }

    private List<TableName> logged() {
        return tree.tables().stream()
                .flatMap(TableDefinition::loggedNames)
                .distinct()
                .toList();
    }

    private Set<String> called() {
        return tree.root()
                .nodes()
                .flatMap(node -> node.where().stream())
                .flatMap(condition -> CALL.matcher(condition).results().map(call -> call.group(1)))
                .map(name ->
                        name.startsWith("\"") ? name.substring(1, name.length() - 1) : name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private boolean add(Readable row) {
        String name = text(row, "name");
        String mark = text(row, "mark");
        switch (text(row, "kind")) {
            case "partition" -> {
                Set<String> known = partitions.computeIfAbsent(name, table -> new HashSet<>());
                Set<String> marks = attachments.computeIfAbsent(name, table -> new HashSet<>());
                if (!mark.isEmpty()) {
                    known.add(AttachedPartition.of(mark).oid());
                    marks.add(mark);
                }
            }
            case "membership" ->
                memberships.computeIfAbsent(name, table -> new HashSet<>()).add(mark);
            case "storage" -> storage.put(name, List.of(mark.split(" ", 3)));
            default -> facts.computeIfAbsent(name, object -> new HashSet<>()).add(mark);
        }
        return true;
    }

    private static String text(Readable row, String column) {
        return requireNonNull(row.get(column, String.class), column);
    }
}
