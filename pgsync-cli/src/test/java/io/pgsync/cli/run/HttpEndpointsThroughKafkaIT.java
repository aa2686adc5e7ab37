package io.pgsync.cli.run;

import io.pgsync.embedded.kafka.KafkaServers;
import java.util.Map;

/** A position is stored when what waits in Kafka up to it is. */
class HttpEndpointsThroughKafkaIT extends HttpEndpointsIT {
    @Override
    Map<String, String> handover() {
        return Map.of("PGSYNC_KAFKA_BOOTSTRAP_SERVERS", KafkaServers.shared(), "PGSYNC_KAFKA_PARTITIONS", "3");
    }
}
