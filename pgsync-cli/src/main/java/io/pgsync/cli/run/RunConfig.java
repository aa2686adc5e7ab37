package io.pgsync.cli.run;

import io.pgsync.core.change.TableName;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.replication.PostgresSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a run needs to know beside the schema file, whoever starts it. Nothing of it comes out of an environment by itself.
 *
 * @param mapping how a new index is mapped
 * @param insertOnly tables on which the user lets UPDATE and DELETE be refused
 * @param variables what {@code $NAME} stands for in the schema file
 */
record RunConfig(
        Servers servers,
        GivenNames names,
        Bounds bounds,
        MappingMode mapping,
        Set<TableName> insertOnly,
        Map<String, String> variables,
        Places places) {
    RunConfig {
        insertOnly = Set.copyOf(insertOnly);
        variables = Map.copyOf(variables);
    }

    /** {@code postgres} gives the way to a database by its name. */
    record Servers(Function<String, PostgresSettings> postgres, ElasticsearchSettings engine) {}

    /**
     * What may be used up.
     *
     * @param document bytes of the largest document that is taken
     * @param wal log that the slot may keep
     */
    record Bounds(PipelineSettings pipeline, long document, WalGuard.Limit wal) {}

    /**
     * Where files lie.
     *
     * @param deadLetters is written to
     * @param plugins a directory or an archive, beside the class path
     */
    record Places(Path deadLetters, Optional<Path> plugins) {}
}
