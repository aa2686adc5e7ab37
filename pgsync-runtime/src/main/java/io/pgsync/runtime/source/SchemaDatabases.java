package io.pgsync.runtime.source;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.document.Plugins;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.core.tree.TreeBuilder.Built;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.placement.PlacedSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The schema file against the databases: it is read and checked against the plugins, the tables and, where that is
 * asked, the statements that the server accepts. Each subscription reads everything anew, on the connections of the run.
 *
 * <p>The methods differ in what is done about a document that does not fit: nothing is started, it is set aside, or it
 * is not looked at.
 */
public final class SchemaDatabases {
    private static final Logger log = LoggerFactory.getLogger(SchemaDatabases.class);

    private final PgsyncConfig config;
    private final Supplier<PlacedSchema> placed;
    private final PlacedSchema known;
    private final Plugins plugins;
    private final SyncStateStore states;
    private final SourceConnections connections;

    /**
     * {@code placed}: as {@link Resources#placed()}, for those who need every index; {@code known}: as far as the
     * indexes are known, for the others.
     */
    SchemaDatabases(
            PgsyncConfig config,
            Supplier<PlacedSchema> placed,
            PlacedSchema known,
            Plugins plugins,
            SyncStateStore states,
            SourceConnections connections) {
        this.config = config;
        this.placed = placed;
        this.known = known;
        this.plugins = plugins;
        this.states = states;
        this.connections = connections;
    }

    /** Fails if a document does not fit its tables, or if the server refuses one of its statements. */
    public Mono<List<Database>> checked() {
        return unchecked().delayUntil(databases -> startCheck().requireNone(databases));
    }

    /** As {@link #checked}, without asking the server about statements: that needs the right to read the tables. */
    public Mono<List<Database>> unchecked() {
        return draft().map(draft -> databases(draft, draft.built().orFail(draft.file()), List.of()));
    }

    /** Those to follow: a document that does not fit its tables, or that the server refuses, stops no other. */
    public Mono<List<Database>> toFollow() {
        return Mono.fromSupplier(placed)
                .doOnNext(schema -> schema.warnings().forEach(log::warn))
                .then(Mono.defer(this::thatFit))
                .flatMap(databases -> startCheck().suspected(databases));
    }

    /** As {@link #unchecked}, but documents that are known to have drifted need not fit, unless there is no other. */
    public Mono<List<Database>> thatFit() {
        return draft().flatMap(draft -> new KnownDrifts(states)
                .among(draft.built())
                .map(drifted -> databases(draft, draft.built().without(drifted).orFail(draft.file()), drifted)));
    }

    /**
     * All documents of the file, whether they fit their tables or not, because what was made for them must be removed.
     */
    public Mono<List<Database>> toTearDown() {
        return draft().map(draft -> databases(
                draft, draft.built().trees(), List.copyOf(draft.built().unfit().keySet())));
    }

    private StartCheck startCheck() {
        return new StartCheck(states, known.text());
    }

    /** What is known before it is decided what to do about documents that do not fit. */
    private record Draft(
            SchemaFile file, Built built, List<PostgresConnections> connections, Map<String, SlotNames> names) {}

    private Mono<Draft> draft() {
        return Mono.defer(() -> {
            SchemaFile file = read();
            Map<String, Set<TableName>> tables = file.tablesByDatabase();
            SlotNames.check(config.names(), tables.keySet());
            List<PostgresConnections> databases =
                    tables.keySet().stream().map(connections::to).toList();
            return Flux.fromIterable(databases)
                    .concatMap(database -> PgCatalog.load(database, tables.getOrDefault(nameOf(database), Set.of())))
                    .collectMap(Catalog::database)
                    .zipWith(names(file, databases))
                    .map(found ->
                            new Draft(file, TreeBuilder.buildEach(file, found.getT1()), databases, found.getT2()));
        });
    }

    private SchemaFile read() {
        SchemaText schema = known.text();
        SchemaFile file =
                SchemaReader.read(schema.source(), schema.text().getBytes(StandardCharsets.UTF_8), config.variables());
        file.warnings().forEach(warning -> log.warn("{}: {}", schema.source(), warning));
        plugins.check(file);
        return file;
    }

    /** By database. */
    private Mono<Map<String, SlotNames>> names(SchemaFile file, List<PostgresConnections> databases) {
        return Flux.fromIterable(databases)
                .concatMap(database -> SlotOwnership.names(config.names(), database, documentsOf(file, database))
                        .map(names -> Map.entry(nameOf(database), names)))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private List<String> documentsOf(SchemaFile file, PostgresConnections database) {
        return file.indexesOf(nameOf(database)).stream()
                .map(known::nameOf)
                .distinct()
                .toList();
    }

    private List<Database> databases(Draft draft, List<DocumentTree> trees, List<SchemaDocument> drifted) {
        return draft.connections().stream()
                .map(connection -> {
                    String name = nameOf(connection);
                    return new Database(
                            connection,
                            draft.names().getOrDefault(name, SlotNames.of(config.names(), name)),
                            known.names(),
                            trees.stream()
                                    .filter(tree -> tree.database().equals(name))
                                    .toList(),
                            drifted.stream()
                                    .filter(document -> document.database().equals(name))
                                    .map(SchemaDocument::index)
                                    .toList(),
                            Set.of());
                })
                .toList();
    }

    private static String nameOf(PostgresConnections database) {
        return database.settings().database();
    }
}
