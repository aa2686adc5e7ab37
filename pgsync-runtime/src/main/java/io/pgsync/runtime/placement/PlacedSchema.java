package io.pgsync.runtime.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.config.SchemaText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A schema file whose documents have the names of their indexes. A name that is an alias is replaced by that of the
 * index behind it, and during a reindex the document appears twice: in its place as the index with the alias has it,
 * and at the end as the other index has it. So every part of pgsync follows both as it follows two documents of a file.
 *
 * @param text the schema file after that
 * @param names the name of each index in the schema file
 * @param placements of the names that have one
 * @param warnings about documents that are followed in another way than the file says
 */
public record PlacedSchema(
        SchemaText text, Map<String, String> names, Map<String, Placement> placements, List<String> warnings) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String INDEX = "index";

    public PlacedSchema {
        names = Map.copyOf(names);
        placements = Map.copyOf(placements);
        warnings = List.copyOf(warnings);
    }

    /** A file of which nothing is known but its text. */
    public static PlacedSchema unplaced(SchemaText text) {
        return new PlacedSchema(text, Map.of(), Map.of(), List.of());
    }

    /** The names of the documents of a file, each once; fails if the file is wrong. */
    static List<String> namesOf(SchemaText file, Map<String, String> variables) {
        return read(file, variables).documents().stream()
                .map(SchemaDocument::index)
                .distinct()
                .toList();
    }

    private static SchemaFile read(SchemaText file, Map<String, String> variables) {
        return SchemaReader.read(file.source(), file.text().getBytes(StandardCharsets.UTF_8), variables);
    }

    /** {@code variables}: the values of {@code $NAME} in the file. */
    static PlacedSchema of(SchemaText file, Map<String, String> variables, Collection<Placement> placements) {
        var byName = new LinkedHashMap<String, Placement>();
        placements.forEach(placement -> byName.put(placement.name(), placement));
        var names = new LinkedHashMap<String, String>();
        var warnings = new ArrayList<String>();
        ArrayNode entries = parsed(file);
        var others = new ArrayList<JsonNode>();
        for (SchemaDocument document : read(file, variables).documents()) {
            Placement placement = byName.get(document.index());
            names.put(document.index(), document.index());
            if (placement != null) {
                names.remove(document.index());
                placement.followed().forEach(index -> names.put(index, document.index()));
                int position = Integer.parseInt(document.pointer().substring(1));
                var entry = (ObjectNode) entries.get(position);
                var placed = new PlacedEntry(placement, entry);
                placed.warning(file.source()).ifPresent(warnings::add);
                List<JsonNode> followed = placed.followed();
                entries.set(position, followed.get(0));
                others.addAll(followed.subList(1, followed.size()));
            }
        }
        entries.addAll(others);
        SchemaText text = byName.isEmpty() ? file : new SchemaText(file.source(), file.isFetched(), entries.toString());
        return new PlacedSchema(text, names, byName, warnings);
    }

    private static ArrayNode parsed(SchemaText file) {
        try {
            return (ArrayNode) JSON.readTree(file.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A schema file that was read before is not JSON", e);
        }
    }

    /** The same file with other placements of some names. */
    public PlacedSchema with(SchemaText file, Map<String, String> variables, Collection<Placement> others) {
        var all = new LinkedHashMap<>(placements);
        others.forEach(placement -> all.put(placement.name(), placement));
        return of(file, variables, all.values());
    }

    /** What repairs the indexes of this file. */
    public RepairCommand repair() {
        return new RepairCommand(text.source(), text.isFetched(), names);
    }

    /** The name of an index in the schema file. */
    public String nameOf(String index) {
        return names.getOrDefault(index, index);
    }

    /**
     * The indexes that somebody means who gives names of the schema file, or of indexes: of a name, all that are
     * followed.
     */
    public List<String> indexesOf(Collection<String> given) {
        return given.stream()
                .flatMap(name -> Optional.ofNullable(placements.get(name))
                        .map(placement -> placement.followed().stream())
                        .orElseGet(() -> Stream.of(name)))
                .distinct()
                .toList();
    }

    /** The one index that a name stands for in searches. */
    public String servingIndexOf(String name) {
        return Optional.ofNullable(placements.get(name)).map(Placement::index).orElse(name);
    }

    /** Whether an index has, or is to get, an alias of the name in the schema file. */
    public boolean isBehindAlias(String index) {
        return !nameOf(index).equals(index);
    }

    static ObjectNode named(ObjectNode entry, String index) {
        return entry.deepCopy().put(INDEX, index);
    }
}
