package io.pgsync.core.schema;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads schema.json, in PGSync's form, and checks everything that can be checked without a database. */
public final class SchemaReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Placeholders environment;
    private final Problems problems = new Problems();
    private final Problems warnings = new Problems();

    private SchemaReader(Placeholders environment) {
        this.environment = environment;
    }

    /**
     * Reads a local file.
     *
     * @param environment variables for {@code $NAME} in the top-level strings
     * @throws SchemaException with all problems of the file
     */
    public static SchemaFile read(Path path, Map<String, String> environment) {
        try {
            return read(path.toString(), Files.readAllBytes(path), environment);
        } catch (NoSuchFileException e) {
            throw unreadable(path.toString(), "there is no such file; give the path of a schema file");
        } catch (IOException e) {
            throw unreadable(path.toString(), "the file cannot be read (%s); check its permissions".formatted(e));
        }
    }

    /**
     * Reads a file that was fetched from elsewhere.
     *
     * @param source the file or URL, for messages
     * @throws SchemaException with all problems of the file
     */
    public static SchemaFile read(String source, byte[] json, Map<String, String> environment) {
        var reader = new SchemaReader(new Placeholders(environment));
        List<SchemaDocument> documents = reader.documents(parsed(source, json));
        if (!reader.problems.found().isEmpty()) {
            throw new SchemaException(source, reader.problems.found());
        }
        return new SchemaFile(source, documents, reader.warnings.found());
    }

    private static JsonNode parsed(String source, byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw unreadable(
                    source,
                    "is not valid JSON at line %d, column %d: %s"
                            .formatted(at.getLineNr(), at.getColumnNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory failed", e);
        }
    }

    private static SchemaException unreadable(String source, String message) {
        return new SchemaException(source, List.of(new SchemaProblem("", message)));
    }

    private List<SchemaDocument> documents(JsonNode json) {
        var file = new SchemaValue("", json, problems);
        if (!json.isArray() || json.isEmpty()) {
            file.reject("must be an array of document definitions: [{\"database\": ..., \"nodes\": {...}}, ...]");
            return List.of();
        }
        List<SchemaDocument> documents = new ArrayList<>();
        for (SchemaValue element : file.elements()) {
            new DocumentDefinitionReader(environment, warnings).read(element).ifPresent(documents::add);
        }
        rejectRepeated(documents);
        return documents;
    }

    private void rejectRepeated(List<SchemaDocument> documents) {
        var seen = new HashMap<List<String>, SchemaDocument>();
        for (SchemaDocument document : documents) {
            Optional.ofNullable(seen.putIfAbsent(List.of(document.database(), document.index()), document))
                    .ifPresent(first -> problems.add(
                            document.pointer() + "/index",
                            "database \"%s\" and index \"%s\" are those of %s too; give each document an index of its own"
                                    .formatted(document.database(), document.index(), first.pointer())));
        }
    }
}
