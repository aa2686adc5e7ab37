package io.pgsync.torture.fault;

import io.pgsync.torture.client.Session;
import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.proxy.FaultyProxy;
import io.pgsync.torture.server.Broker;
import io.pgsync.torture.server.ReadReplica;
import io.pgsync.torture.server.TreeServers;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Where faults strike.
 *
 * @param daemons one for each schema file; the first one is that of the tree
 * @param prefix what the names of all indexes begin with
 * @param postgres the first daemon's way to the database
 * @param aside the way that no fault strikes, for the other ones
 * @param keepsSlots whether the daemons' slots are fail-over slots
 * @param control a session of its own
 */
public record Site(
        List<Daemon> daemons,
        String database,
        String prefix,
        TreeServers servers,
        FaultyProxy postgres,
        FaultyProxy aside,
        FaultyProxy elasticsearch,
        Unstored unstored,
        LateWrite lateWrite,
        Partitions partitions,
        Errands errands,
        boolean keepsSlots,
        Session control)
        implements AutoCloseable {
    public Daemon daemon() {
        return daemons.get(0);
    }

    void execute(String sql) throws SQLException {
        control.connection();
        control.execute(sql);
    }

    /** The log of the old server may hold what the new one has never seen. */
    void failOver() throws SQLException {
        daemons.forEach(Daemon::mayMissChanges);
        errands.verifying().mayDiffer();
        servers.failOver();
    }

    /** Nobody has to repair anything: what the new server lacks is undone in the index by itself. False where no slot is kept in step. */
    boolean promote() throws SQLException {
        if (!keepsSlots) {
            return false;
        }
        errands.verifying().mayDiffer();
        return servers.promote();
    }

    interface ReplicaStrike {
        void on(ReadReplica replica) throws SQLException;
    }

    /** False where documents are read from the primary alone. */
    boolean onReplica(ReplicaStrike strike) throws SQLException {
        if (servers.replica().isEmpty()) {
            return false;
        }
        strike.on(servers.replica().get());
        return true;
    }

    interface BrokerStrike {
        void on(Broker broker);
    }

    /** False where work waits in the daemon. */
    boolean onBroker(BrokerStrike strike) {
        servers.broker().ifPresent(strike::on);
        return servers.broker().isPresent();
    }

    public void keepRunning() throws IOException {
        for (var daemon : daemons) {
            daemon.keepRunning();
        }
    }

    /** Ends what is under way; what faults have done stays done. */
    public void heal() throws SQLException {
        postgres.obstacles().heal();
        elasticsearch.obstacles().heal();
        onReplica(ReadReplica::release);
        onBroker(Broker::goOn);
    }

    @Override
    public void close() throws IOException, SQLException {
        errands.close();
        daemons.forEach(Daemon::close);
        postgres.close();
        aside.close();
        elasticsearch.close();
        control.close();
    }
}
