package io.pgsync.runtime.config;

import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentPlugin;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.query.PostgresDocumentReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * All that pgsync is told from outside. Immutable; nothing of it comes out of an environment by itself.
 *
 * @param schema the documents, and the tables that they are made of
 * @param servers where rows come from and documents go to
 * @param names of slot and publication, where they are not to be derived
 * @param bounds what may be used up
 * @param mapping how a new index is mapped
 * @param insertOnly tables on which the user lets UPDATE and DELETE be refused
 * @param variables what {@code $NAME} stands for in the schema file
 * @param extras files and plugins
 */
public record PgsyncConfig(
        SchemaText schema,
        Servers servers,
        GivenNames names,
        Bounds bounds,
        MappingMode mapping,
        Set<TableName> insertOnly,
        Map<String, String> variables,
        Extras extras) {
    public PgsyncConfig {
        insertOnly = Set.copyOf(insertOnly);
        variables = Map.copyOf(variables);
    }

    /** Reads the schema file now; everything but the servers has a default. */
    public static PgsyncConfigBuilder builder(Path schemaFile) {
        return builder(SchemaText.of(schemaFile));
    }

    /** For a schema file that was read or fetched before. */
    public static PgsyncConfigBuilder builder(SchemaText schema) {
        return new PgsyncConfigBuilder(schema);
    }

    /** {@code postgres} gives the way to a database of the schema file by its name. */
    public record Servers(Function<String, PostgresSettings> postgres, ElasticsearchSettings engine) {}

    /**
     * What may be used up.
     *
     * @param pipeline how many events, documents and bytes may be under way
     * @param document bytes of the largest document that is taken; a larger one is recorded as refused
     * @param wal log that the slot may keep
     */
    public record Bounds(PipelineSettings pipeline, long document, WalLimit wal) {
        /** What the command uses where nothing is set. */
        public static Bounds standard() {
            return new Bounds(PipelineSettings.DEFAULT, largestDocument(), WalLimit.NONE);
        }

        /** Several documents are under way at the same time, each as what was read, what is made of it and what is sent. */
        public static long largestDocument() {
            return Math.min(Runtime.getRuntime().maxMemory() / 16, PostgresDocumentReader.MOST_BYTES);
        }
    }

    /**
     * What a run reads and writes beside its servers.
     *
     * @param deadLetters the file that records refused documents
     * @param pluginPath a directory of jars, looked through beside the class path
     * @param plugins objects of the caller's; where there are any, nothing is looked for
     */
    public record Extras(Path deadLetters, Optional<Path> pluginPath, List<DocumentPlugin> plugins) {
        public Extras {
            plugins = List.copyOf(plugins);
        }
    }
}
