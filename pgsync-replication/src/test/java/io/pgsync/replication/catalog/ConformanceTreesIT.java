package io.pgsync.replication.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Real schema files against their databases, where the fixtures stand beside the checkout. */
class ConformanceTreesIT {
    private static final Pattern COPIED_ROWS = Pattern.compile("(?ms)^COPY .*?^\\\\\\.$");

    @Test
    void everyConformanceSchemaBuildsItsTrees() throws IOException, SQLException {
        Path fixtures =
                Path.of("").toAbsolutePath().resolve("../../shared/conformance").normalize();
        assumeTrue(Files.isDirectory(fixtures), "No conformance fixtures at " + fixtures);

        try (var postgres = EmbeddedPostgres.builder().start();
                var folders = Files.list(fixtures)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                assertThat(trees(postgres, folder)).as(folder.toString()).isNotEmpty();
            }
        }
    }

    private static List<DocumentTree> trees(EmbeddedPostgres postgres, Path folder) throws IOException, SQLException {
        SchemaFile file = SchemaReader.read(folder.resolve("schema.json"), Map.of());
        String database = file.tablesByDatabase().keySet().iterator().next();
        postgres.createDatabase(database);
        try (var connection =
                        DriverManager.getConnection(postgres.jdbcUrl(database), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            String dump = Files.readString(folder.resolve("dump.sql"));
            statement.execute(COPIED_ROWS.matcher(dump).replaceAll(""));
        }
        Catalog catalog =
                PgCatalogIT.catalog(postgres, database, file.tablesByDatabase().get(database));
        return TreeBuilder.build(file, Map.of(database, catalog));
    }
}
