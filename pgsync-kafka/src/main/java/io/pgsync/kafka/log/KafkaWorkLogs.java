package io.pgsync.kafka.log;

import io.pgsync.core.handover.WorkLogProvider;
import io.pgsync.core.handover.WorkLogs;
import io.pgsync.kafka.KafkaSettings;

/** Kafka as the place of logs of work; for the command line, which finds it as a service. */
public final class KafkaWorkLogs implements WorkLogProvider {
    @Override
    public WorkLogs at(Address address) {
        KafkaSettings brokers = KafkaSettings.of(address.servers());
        KafkaSettings settings = address.client().map(brokers::withFile).orElse(brokers);
        return slot -> KafkaWorkLog.of(settings, address.prefix(), slot, address.partitions());
    }
}
