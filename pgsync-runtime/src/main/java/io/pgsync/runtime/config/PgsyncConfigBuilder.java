package io.pgsync.runtime.config;

import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentPlugin;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.handover.WorkLogs;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.runtime.config.PgsyncConfig.Bounds;
import io.pgsync.runtime.config.PgsyncConfig.Extras;
import io.pgsync.runtime.config.PgsyncConfig.Servers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Builds a {@link PgsyncConfig}; not thread-safe. */
public final class PgsyncConfigBuilder {
    private static final Path DEAD_LETTERS = Path.of("pgsync-refused.jsonl");

    private final SchemaText schema;
    private Optional<Function<String, PostgresSettings>> postgres = Optional.empty();
    private Function<String, List<PostgresSettings>> replicas = database -> List.of();
    private Optional<ElasticsearchSettings> engine = Optional.empty();
    private Optional<WorkLogs> logs = Optional.empty();
    private GivenNames names = GivenNames.NONE;
    private Bounds bounds = Bounds.standard();
    private AuditRate audit = AuditRate.OFF;
    private MappingMode mapping = MappingMode.TYPES;
    private boolean aliases = true;
    private boolean failover;
    private Set<TableName> insertOnly = Set.of();
    private Map<String, String> variables = Map.of();
    private Extras extras = new Extras(DEAD_LETTERS, Optional.empty(), List.of());

    PgsyncConfigBuilder(SchemaText schema) {
        this.schema = schema;
    }

    /** One server for all databases of the schema file; the database name in the settings is ignored. */
    public PgsyncConfigBuilder postgres(PostgresSettings server) {
        return postgres(server::withDatabase);
    }

    /** The connection settings of each database of the schema file, by its name. */
    public PgsyncConfigBuilder postgres(Function<String, PostgresSettings> servers) {
        postgres = Optional.of(servers);
        return this;
    }

    /** The engine with the indexes and their states. */
    public PgsyncConfigBuilder elasticsearch(ElasticsearchSettings settings) {
        engine = Optional.of(settings);
        return this;
    }

    /** Replaces the derived names. One slot serves one database. */
    public PgsyncConfigBuilder names(GivenNames given) {
        names = given;
        return this;
    }

    /**
     * Standbys of the server of a database, from which documents are read once they show what must be shown; none by default.
     */
    public PgsyncConfigBuilder replicas(Function<String, List<PostgresSettings>> ofDatabase) {
        replicas = ofDatabase;
        return this;
    }

    /**
     * A log in which the roots that changes affect wait until their documents are stored, as {@code pgsync-kafka} has one: the slot is then free
     * while the engine is away. None by default. Whoever followed with a log must go on with it until everything in it is stored.
     */
    public PgsyncConfigBuilder workLogs(WorkLogs given) {
        logs = Optional.of(given);
        return this;
    }

    /** Limits on what may be used; {@link Bounds#standard()} by default. */
    public PgsyncConfigBuilder bounds(Bounds given) {
        bounds = given;
        return this;
    }

    /** How much of the indexes is compared with the tables while they are followed; nothing by default. */
    public PgsyncConfigBuilder audit(AuditRate rate) {
        audit = rate;
        return this;
    }

    /** How a new index is mapped; {@link MappingMode#TYPES} by default. Existing indexes keep their mapping. */
    public PgsyncConfigBuilder mapping(MappingMode mode) {
        mapping = mode;
        return this;
    }

    /**
     * Whether a new index gets a number in its name and the name in the schema file as its alias; true by default.
     * Without that, no other index can take its place while it is searched.
     */
    public PgsyncConfigBuilder aliases(boolean wanted) {
        aliases = wanted;
        return this;
    }

    /**
     * Whether a new slot is one that standbys may keep in step, so that the stream goes on after a promotion; false by default. Needs
     * PostgreSQL 17.
     */
    public PgsyncConfigBuilder failover(boolean wanted) {
        failover = wanted;
        return this;
    }

    /** Tables without a replica identity. Once they are published, the server may refuse UPDATE and DELETE on them. */
    public PgsyncConfigBuilder insertOnly(Set<TableName> tables) {
        insertOnly = tables;
        return this;
    }

    /** The values of {@code $NAME} in the schema file. */
    public PgsyncConfigBuilder variables(Map<String, String> values) {
        variables = values;
        return this;
    }

    /** The file that records refused documents; {@code pgsync-refused.jsonl} by default. */
    public PgsyncConfigBuilder deadLetters(Path file) {
        extras = new Extras(file, extras.pluginPath(), extras.plugins());
        return this;
    }

    /** A directory of jars with plugins, in addition to the class path. */
    public PgsyncConfigBuilder pluginPath(Optional<Path> directory) {
        extras = new Extras(extras.deadLetters(), directory, extras.plugins());
        return this;
    }

    /** Exactly these plugins; none is searched for. */
    public PgsyncConfigBuilder plugins(DocumentPlugin... plugins) {
        extras = new Extras(extras.deadLetters(), extras.pluginPath(), Arrays.asList(plugins));
        return this;
    }

    /** Fails with STOP if a server is missing. */
    public PgsyncConfig build() {
        var servers = new Servers(
                postgres.orElseThrow(() -> missing("PostgreSQL")),
                replicas,
                engine.orElseThrow(() -> missing("the search engine")),
                logs);
        return new PgsyncConfig(
                schema, servers, names, bounds, audit, mapping, aliases, failover, insertOnly, variables, extras);
    }

    private static SyncException missing(String server) {
        return new SyncException(Remedy.STOP, "Nothing says where " + server + " is");
    }
}
