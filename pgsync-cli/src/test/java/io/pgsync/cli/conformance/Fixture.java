package io.pgsync.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.torture.truth.TrueDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder with {@code schema.json}, {@code dump.sql} and {@code changes.sql}, and perhaps what the documents are before and after the
 * changes ({@code documents.ndjson}, {@code documents_after.ndjson}).
 */
public record Fixture(Path folder) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Names the folder that holds the shared fixtures, which are no part of this project. */
    private static final String SHARED = "PGSYNC_SHARED";

    /** The project's own, by name. */
    public static List<Fixture> own() {
        return under(repository().resolve("pgsync-cli/src/test/resources/fixtures"));
    }

    /** Those of {@code ../shared/conformance}; none where it is absent. */
    public static List<Fixture> shared() {
        return under(sharedFolder().resolve("conformance"));
    }

    public static Path sharedFolder() {
        return Optional.ofNullable(System.getenv(SHARED))
                .map(Path::of)
                .orElseGet(() -> repository().resolveSibling("shared"));
    }

    private static Path repository() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = Optional.ofNullable(folder.getParent())
                    .orElseThrow(() -> new IllegalStateException("no mvnw above"));
        }
        return folder;
    }

    private static List<Fixture> under(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(each -> Files.exists(each.resolve("schema.json")))
                    .sorted()
                    .map(Fixture::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode schema() throws IOException {
        return JSON.readTree(folder.resolve("schema.json").toFile());
    }

    /** The schema for another database, and with indexes whose names begin with {@code indexPrefix}. */
    public JsonNode schema(String database, String indexPrefix) throws IOException {
        var schema = schema();
        for (var entry : schema) {
            var index = entry.path("index").asText(entry.path("database").asText());
            ((ObjectNode) entry).put("database", database).put("index", indexPrefix + index);
        }
        return schema;
    }

    /** Into an empty database; the session finds tables of {@code public} by their bare names afterwards. */
    public void load(Connection connection) throws IOException, SQLException {
        SqlScript.read(folder.resolve("dump.sql")).run(connection);
        SqlScript.parse("RESET search_path").run(connection);
    }

    public SqlScript changes() throws IOException {
        return SqlScript.read(folder.resolve("changes.sql"));
    }

    public Optional<List<TrueDocument>> documents() throws IOException {
        return documents("documents.ndjson");
    }

    public Optional<List<TrueDocument>> documentsAfter() throws IOException {
        return documents("documents_after.ndjson");
    }

    private Optional<List<TrueDocument>> documents(String name) throws IOException {
        var file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(TrueDocument.readAll(file)) : Optional.empty();
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
