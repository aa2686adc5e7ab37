package io.pgsync.runtime.config;

import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentPlugin;
import io.pgsync.core.handover.WorkLogs;
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
 * Everything that pgsync is told from outside. Immutable; nothing is taken from the environment.
 *
 * @param schema the schema file: the documents, and the tables for them
 * @param servers the source of rows and the engine for documents
 * @param names names of slot and publication, if they are not derived
 * @param bounds limits on what may be used
 * @param audit how much of the indexes is compared with the tables while they are followed
 * @param mapping how a new index is mapped
 * @param aliases whether a new index gets a number in its name and the name in the schema file as its alias, so that
 *     another index can take its place later
 * @param failover whether a new slot is one that standbys may keep in step, so that they can stream from it once they are promoted
 * @param insertOnly tables on which the user accepts that the server refuses UPDATE and DELETE
 * @param variables the values of {@code $NAME} in the schema file
 * @param extras files and plugins of a run
 */
public record PgsyncConfig(
        SchemaText schema,
        Servers servers,
        GivenNames names,
        Bounds bounds,
        AuditRate audit,
        MappingMode mapping,
        boolean aliases,
        boolean failover,
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

    /**
     * Where the servers are.
     *
     * @param postgres gives the connection settings of a database of the schema file, by its name
     * @param replicas the same for standbys of its server from which documents are read; none: from the server itself
     * @param logs in which affected roots wait until their documents are stored; empty: in memory, while the slot keeps their changes
     */
    public record Servers(
            Function<String, PostgresSettings> postgres,
            Function<String, List<PostgresSettings>> replicas,
            ElasticsearchSettings engine,
            Optional<WorkLogs> logs) {}

    /**
     * Limits on what may be used.
     *
     * @param pipeline how many events, documents and bytes may be under way
     * @param document bytes of the largest document that is accepted; a larger one is recorded as refused
     * @param wal log that the slot may keep
     */
    public record Bounds(PipelineSettings pipeline, long document, WalLimit wal) {
        /** The values that the command uses if nothing is set. */
        public static Bounds standard() {
            return new Bounds(PipelineSettings.DEFAULT, largestDocument(), WalLimit.NONE);
        }

        /** Several documents are in memory at the same time, each in three forms: as read, as assembled, as sent. */
        public static long largestDocument() {
            return Math.min(Runtime.getRuntime().maxMemory() / 16, PostgresDocumentReader.MOST_BYTES);
        }
    }

    /**
     * What a run reads and writes apart from its servers.
     *
     * @param deadLetters the file that records refused documents
     * @param pluginPath a directory of jars that is searched for plugins, in addition to the class path
     * @param plugins plugins that the caller gives as objects; if there are any, nothing is searched
     */
    public record Extras(Path deadLetters, Optional<Path> pluginPath, List<DocumentPlugin> plugins) {
        public Extras {
            plugins = List.copyOf(plugins);
        }
    }
}
