package io.pgsync.cli.run;

import io.pgsync.cli.config.ElasticsearchConfig;
import io.pgsync.cli.config.PostgresConfig;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.config.WorkLogConfig;
import io.pgsync.core.change.TableName;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.core.pipeline.PipelineSettings.Batch;
import io.pgsync.core.pipeline.PipelineSettings.Load;
import io.pgsync.core.refusal.RefusedLimit;
import io.pgsync.runtime.Pgsync;
import io.pgsync.runtime.config.AuditRate;
import io.pgsync.runtime.config.GivenNames;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.PgsyncConfig.Bounds;
import io.pgsync.runtime.config.PgsyncConfig.Extras;
import io.pgsync.runtime.config.PgsyncConfig.Servers;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.config.WalLimit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The configuration of a run, from the settings of the command line. */
final class RunConfigs {
    private RunConfigs() {}

    /** Pgsync, as the settings configure it. Reads the schema file. */
    static Pgsync pgsync(Settings settings) {
        return Pgsync.of(from(settings, SchemaFiles.load(settings)));
    }

    private static PgsyncConfig from(Settings settings, SchemaText schema) {
        return new PgsyncConfig(
                schema,
                new Servers(
                        database -> PostgresConfig.from(settings, database),
                        database -> PostgresConfig.replicas(settings, database),
                        ElasticsearchConfig.from(settings),
                        WorkLogConfig.from(settings)),
                new GivenNames(settings.text(Setting.PGSYNC_SLOT), settings.text(Setting.PGSYNC_PUBLICATION)),
                new Bounds(pipeline(settings), maxDocument(settings), walLimit(settings)),
                new AuditRate(settings.sharePerHour(Setting.PGSYNC_AUDIT)),
                settings.required(Setting.PGSYNC_MAPPING).equals("dynamic") ? MappingMode.DYNAMIC : MappingMode.TYPES,
                settings.flag(Setting.PGSYNC_INDEX_ALIAS),
                settings.flag(Setting.PGSYNC_FAILOVER),
                insertOnly(settings),
                settings.variables(),
                new Extras(
                        settings.file(Setting.PGSYNC_DEAD_LETTERS).orElseThrow(),
                        settings.file(Setting.PGSYNC_PLUGIN_PATH),
                        List.of()));
    }

    /** Anything that the settings do not name keeps its default. */
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
                standard.checkpointInterval(),
                new RefusedLimit(settings.percent(Setting.PGSYNC_REFUSED_LIMIT)));
    }

    private static long maxDocument(Settings settings) {
        return settings.bytes(Setting.PGSYNC_MAX_DOCUMENT).orElseGet(Bounds::largestDocument);
    }

    private static WalLimit walLimit(Settings settings) {
        return new WalLimit(
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
