package io.pgsync.cli.run;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.core.pipeline.PipelineSettings.Batch;
import io.pgsync.core.pipeline.PipelineSettings.Load;
import io.pgsync.replication.query.PostgresDocumentReader;

/** The bounds of a pipeline out of the settings; what they do not name keeps its default. */
final class TuningConfig {
    private TuningConfig() {}

    static PipelineSettings from(Settings settings) {
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

    /**
     * The bytes of the largest document that is taken. Several are under way at the same time, each as what was read, what is made of it and
     * what is sent.
     */
    static long maxDocument(Settings settings) {
        return settings.bytes(Setting.PGSYNC_MAX_DOCUMENT)
                .orElseGet(() -> Math.min(Runtime.getRuntime().maxMemory() / 16, PostgresDocumentReader.MOST_BYTES));
    }
}
