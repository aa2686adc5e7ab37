package io.pgsync.torture.server;

import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.World;
import java.util.Optional;

/**
 * Servers of one run alone, which may be stopped and started. Each tree has a PostgreSQL of its own; engines and brokers start slowly, so that trees
 * share one of each kind. All methods block; not for concurrent use.
 */
public final class OwnServers implements AutoCloseable {
    private final ServerVersions versions;
    private Optional<Engine> singleNode = Optional.empty();
    private Optional<Engine> cluster = Optional.empty();
    private Optional<Broker> broker = Optional.empty();

    /** Nothing runs before the first tree needs it. */
    public OwnServers(ServerVersions versions) {
        this.versions = versions;
    }

    public ServerVersions versions() {
        return versions;
    }

    public TreeServers forTree(World world) {
        var engine = engine(world);
        var postgres = EmbeddedPostgres.builder().setting("wal_keep_size", "128MB");
        versions.postgres().ifPresent(postgres::majorVersion);
        world.walStart().ifPresent(postgres::walStart);
        return new TreeServers(
                postgres.start(),
                versions.postgres().orElse(EmbeddedPostgres.NEWEST_MAJOR),
                world.has(Condition.READ_REPLICA),
                broker(world),
                engine);
    }

    private Optional<Broker> broker(World world) {
        if (world.has(Condition.WORK_LOG) && broker.isEmpty()) {
            broker = Optional.of(Broker.start());
        }
        return broker.filter(started -> world.has(Condition.WORK_LOG));
    }

    private Engine engine(World world) {
        if (world.has(Condition.CLUSTER)) {
            cluster = Optional.of(cluster.orElseGet(() -> Engine.cluster(versions)));
            return cluster.get();
        }
        singleNode = Optional.of(singleNode.orElseGet(() -> Engine.singleNode(versions)));
        return singleNode.get();
    }

    @Override
    public void close() {
        singleNode.ifPresent(Engine::close);
        cluster.ifPresent(Engine::close);
        broker.ifPresent(Broker::close);
    }
}
