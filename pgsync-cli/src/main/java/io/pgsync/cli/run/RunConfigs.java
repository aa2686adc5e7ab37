package io.pgsync.cli.run;

import io.pgsync.cli.config.ElasticsearchConfig;
import io.pgsync.cli.config.PostgresConfig;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.RunConfig.Bounds;
import io.pgsync.cli.run.RunConfig.Places;
import io.pgsync.cli.run.RunConfig.Servers;
import io.pgsync.core.change.TableName;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.core.pipeline.PipelineSettings.Batch;
import io.pgsync.core.pipeline.PipelineSettings.Load;
import io.pgsync.replication.query.PostgresDocumentReader;
import java.util.Set;
import java.util.stream.Collectors;

/** The configuration of a run out of the settings of the command line. */
final class RunConfigs {
    private RunConfigs() {}

    static RunConfig from(Settings settings) {
        return new RunConfig(
                new Servers(database -> PostgresConfig.from(settings, database), ElasticsearchConfig.from(settings)),
                new GivenNames(settings.text(Setting.PGSYNC_SLOT), settings.text(Setting.PGSYNC_PUBLICATION)),
                new Bounds(pipeline(settings), maxDocument(settings), walLimit(settings)),
                settings.required(Setting.PGSYNC_MAPPING).equals("dynamic") ? MappingMode.DYNAMIC : MappingMode.TYPES,
                insertOnly(settings),
                settings.variables(),
                new Places(
                        settings.file(Setting.PGSYNC_DEAD_LETTERS).orElseThrow(),
                        settings.file(Setting.PGSYNC_PLUGIN_PATH)));
    }

    /** What the settings do not name keeps its default. */
    private static PipelineSettings pipeline(Settings settings) {
        PipelineSettings standard = PipelineSettings.DEFAULT;
        return new PipelineSettings(
                standard.window(),
                new Batch(
                        settings.integer(Setting.FILTER_CHUNK_SIZE),
                        standard.batch().bytes(),
                        standard.batch().inFlight()),
                new Load(settings.integer(Setting.QUERY_CHUNK_SIZE), settings.integer(Setting.NUM_WORKERS)),
                standard.pendingRoots(),
                standard.checkpointInterval());
    }

    /** Several documents are under way at the same time, each as what was read, what is made of it and what is sent. */
    private static long maxDocument(Settings settings) {
        return settings.bytes(Setting.PGSYNC_MAX_DOCUMENT)
                .orElseGet(() -> Math.min(Runtime.getRuntime().maxMemory() / 16, PostgresDocumentReader.MOST_BYTES));
    }

    private static WalGuard.Limit walLimit(Settings settings) {
        return new WalGuard.Limit(
                settings.bytes(Setting.PGSYNC_WAL_BUDGET),
                settings.required(Setting.PGSYNC_WAL_BUDGET_ACTION).equals("drop-slot"));
    }

    private static Set<TableName> insertOnly(Settings settings) {
        return settings.list(Setting.PGSYNC_INSERT_ONLY).stream()
                .map(RunConfigs::table)
                .collect(Collectors.toSet());
    }

    private static TableName table(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? new TableName("public", text) : new TableName(text.substring(0, dot), text.substring(dot + 1));
    }
}
