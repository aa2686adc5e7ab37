package io.pgsync.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.config.PostgresConfig;
import io.pgsync.cli.config.Settings;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.SchemaProposal;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.PostgresConnections;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A schema file that is proposed for tables of a live database. */
public final class SchemaDraft {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Settings settings;

    public SchemaDraft(Settings settings) {
        this.settings = settings;
    }

    /**
     * The text of a schema file that loads. Blocks.
     *
     * @param database as in libpq, the user's name if none is given
     * @param tables the root first
     */
    public String of(Optional<String> database, List<TableName> tables) {
        String name = database.orElseGet(() -> PostgresConfig.from(settings, "").user());
        PostgresConnections connections = PostgresConnections.to(PostgresConfig.from(settings, name), 1);
        try {
            Catalog catalog = PgCatalog.loadAll(connections).blockOptional().orElseThrow();
            String text = pretty(SchemaProposal.of(catalog, tables));
            checkLoads(text, catalog);
            return text;
        } finally {
            connections.close().block();
        }
    }

    /** Tells now, and not at the first run, what a person must add. */
    private static void checkLoads(String text, Catalog catalog) {
        var file = SchemaReader.read("The proposal", text.getBytes(StandardCharsets.UTF_8), Map.of());
        TreeBuilder.build(file, Map.of(catalog.database(), catalog));
    }

    private static String pretty(JsonNode file) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file) + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new AssertionError("Names of tables are always JSON", e);
        }
    }
}
