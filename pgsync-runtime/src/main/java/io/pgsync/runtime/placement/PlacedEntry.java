package io.pgsync.runtime.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.Placement;
import java.util.List;
import java.util.Optional;

/**
 * An entry of the schema file, and where its documents are stored.
 *
 * @param entry as the file has it
 */
record PlacedEntry(Placement placement, ObjectNode entry) {
    /** The entries that are followed: that of the index with the alias, then that of the other one, if there is one. */
    List<JsonNode> followed() {
        return placement.followed().stream()
                .<JsonNode>map(index -> definitionOf(index)
                        .map(definition -> EntryDefinition.in(entry, definition, index))
                        .orElseGet(() -> PlacedSchema.named(entry, index)))
                .toList();
    }

    /**
     * Empty if that of the file counts: there is no reindex, and the file is not the one from before the last reindex.
     */
    private Optional<JsonNode> definitionOf(String index) {
        boolean isFixed = placement.reindex().isPresent() || isFormer();
        return isFixed ? Optional.ofNullable(placement.definitions().get(index)) : Optional.empty();
    }

    private boolean isFormer() {
        return placement.former().filter(this::isThatOfFile).isPresent() && !isKnown();
    }

    private boolean isKnown() {
        return placement.definitions().values().stream().anyMatch(this::isThatOfFile);
    }

    private boolean isThatOfFile(JsonNode definition) {
        return EntryDefinition.of(entry).equals(EntryDefinition.comparable(definition));
    }

    /** If the documents are followed in another way than the file says. */
    Optional<String> warning(String source) {
        if (isFormer()) {
            return Optional.of(
                    "%s has the definition of \"%s\" from before the last reindex. The one of that reindex counts; put it into the file."
                            .formatted(source, placement.name()));
        }
        return placement.reindex().isPresent() && !isKnown()
                ? Optional.of(
                        "%s has another definition of \"%s\" than the reindex that is under way, which goes on. The file counts again when that reindex is finished or aborted."
                                .formatted(source, placement.name()))
                : Optional.empty();
    }
}
