package io.pgsync.cli.config;

import io.pgsync.core.handover.WorkLogProvider;
import io.pgsync.core.handover.WorkLogProvider.Address;
import io.pgsync.core.handover.WorkLogs;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Kafka between source and engine. Its client is in a jar beside ours, which is read only if somebody asks for it. */
public final class WorkLogConfig {
    private WorkLogConfig() {}

    /** Empty if nobody asks for it. */
    public static Optional<WorkLogs> from(Settings settings) {
        return settings.text(Setting.PGSYNC_KAFKA_BOOTSTRAP_SERVERS)
                .map(servers -> provider()
                        .at(new Address(
                                servers,
                                settings.file(Setting.PGSYNC_KAFKA_CONFIG),
                                settings.required(Setting.PGSYNC_KAFKA_PREFIX),
                                settings.integer(Setting.PGSYNC_KAFKA_PARTITIONS))));
    }

    private static WorkLogProvider provider() {
        return ServiceLoader.load(WorkLogProvider.class)
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(List.of(Setting.PGSYNC_KAFKA_BOOTSTRAP_SERVERS
                        + " is given, but pgsync-kafka.jar is missing; put it beside pgsync.jar")));
    }
}
