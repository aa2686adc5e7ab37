package io.pgsync.embedded.kafka;

import java.nio.file.Path;

/** The configuration of a broker that is the only one of its cluster, with little memory and quick groups. */
record BrokerConfiguration(int port, int controllerPort, Path data) {
    @Override
    public String toString() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                auto.create.topics.enable=false
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                group.coordinator.append.linger.ms=0
                # The default of 128 MB does not fit into the heap.
                log.cleaner.dedupe.buffer.size=2097152
                """.formatted(port, controllerPort, data);
    }
}
