package io.pgsync.core.schema;

import java.util.List;
import java.util.Optional;

/**
 * One entry of a schema file, as written.
 *
 * @param pointer its place in the file
 * @param routing name of a field of the finished document
 */
public record SchemaDocument(
        String pointer,
        String database,
        String index,
        NodeDefinition root,
        IndexDefinition indexDefinition,
        Optional<String> routing,
        Optional<String> pipeline,
        List<String> plugins) {
    public SchemaDocument {
        plugins = List.copyOf(plugins);
    }
}
