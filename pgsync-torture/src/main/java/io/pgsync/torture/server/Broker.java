package io.pgsync.torture.server;

import io.pgsync.embedded.kafka.EmbeddedKafka;

/** The broker in which work waits. Trees share one, each with topics of its own. All methods block; not for concurrent use. */
public final class Broker implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private boolean isFrozen;

    private Broker(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    static Broker start() {
        return new Broker(EmbeddedKafka.start());
    }

    /** As clients take it. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** What it has acknowledged is still there afterwards. */
    public void crash() {
        kafka.kill();
        isFrozen = false;
        kafka.restart();
    }

    /** It answers nobody, or goes on. */
    public void freezeOrGoOn() {
        isFrozen = !isFrozen;
        kafka.freeze(isFrozen);
    }

    /** It answers again, if it was frozen. */
    public void goOn() {
        if (isFrozen) {
            freezeOrGoOn();
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
