package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.mapping.IndexMappings;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.examination.FlatSettings;
import io.pgsync.runtime.source.LoadedDefinitions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of the definition with which an index was loaded.
 *
 * @param definition empty if an earlier version loaded the index
 * @param tree its tree; empty if the tables do not fit it any more
 */
record Earlier(Optional<LoadedDefinition> definition, Optional<DocumentTree> tree) {
    static final Earlier UNKNOWN = new Earlier(Optional.empty(), Optional.empty());

    /** Whether its documents may have something at this path; empty if that is not known. */
    Optional<Boolean> hadField(String path) {
        return tree.map(known -> DocumentFields.of(known).mayHave(path));
    }

    /** The mappings with which it would have created the index; missing if they are not known. */
    JsonNode mappings() {
        return tree.<JsonNode>map(known -> IndexMappings.of(known, mode()))
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    private MappingMode mode() {
        return Arrays.stream(MappingMode.values())
                .filter(mode -> definition
                        .filter(known -> known.mapping().equals(LoadedDefinitions.word(mode)))
                        .isPresent())
                .findFirst()
                .orElse(MappingMode.TYPES);
    }

    /** The settings that it gave, by their full names. */
    JsonNode settings() {
        return definition.map(known -> known.document().path("setting")).orElse(JsonNodeFactory.instance.missingNode());
    }

    /** Whether it gave a setting, or one of an analyzer, filter and so on. */
    boolean gave(String setting) {
        return names().contains(setting);
    }

    private Set<String> names() {
        return FlatSettings.of(settings()).keySet().stream()
                .map(SettingsComparison::group)
                .collect(Collectors.toSet());
    }
}
