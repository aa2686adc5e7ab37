package io.pgsync.runtime.reindex;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.runtime.config.SchemaText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The entries of a schema file by the names of their indexes, as they are written. */
final class SchemaEntries {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, JsonNode> byName = new LinkedHashMap<>();

    /** Fails if the file is wrong. */
    SchemaEntries(SchemaText file, Map<String, String> variables) {
        byte[] text = file.text().getBytes(StandardCharsets.UTF_8);
        try {
            JsonNode json = JSON.readTree(text);
            for (SchemaDocument document :
                    SchemaReader.read(file.source(), text, variables).documents()) {
                byName.put(document.index(), json.at(document.pointer()));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A schema file that was read before is not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode of(String name) {
        return Objects.requireNonNull(byName.get(name));
    }

    /** Those that are named, or all if none is; fails with STOP if the file has no such document. */
    List<String> names(List<String> named) {
        var unknown = new ArrayList<>(named);
        unknown.removeAll(byName.keySet());
        if (!unknown.isEmpty()) {
            throw Preparation.stop("The schema file has no document for index %s; it has %s"
                    .formatted(String.join(", ", unknown), String.join(", ", byName.keySet())));
        }
        return named.isEmpty() ? List.copyOf(byName.keySet()) : named;
    }
}
