package io.pgsync.torture.fault;

import io.pgsync.torture.client.Session;
import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.server.Handwork;
import io.pgsync.torture.server.TreeServers;
import io.pgsync.torture.tree.Node;
import java.io.IOException;
import java.sql.SQLException;

/** Commands of pgsync that run beside the daemon while everything else goes on. */
public record Errands(Reindexing reindexing, Retrying retrying, Verifying verifying) implements AutoCloseable {
    static Errands of(Daemon daemon, Node root, TreeServers servers, Session control, StepLog log) {
        var hand = new Handwork(servers);
        return new Errands(
                new Reindexing(daemon),
                new Retrying(daemon, new Misfit(daemon.index(), root, hand, control, log)),
                new Verifying(daemon, new Damage(daemon.index(), root, servers, hand, control, log)));
    }

    /**
     * Has each come to its end; the daemon must run, and nothing be wrong with the servers. Verified is last: documents
     * that are refused are none that it mends.
     */
    public void settle() throws IOException, SQLException {
        reindexing.settle();
        retrying.settle();
        verifying.settle();
    }

    @Override
    public void close() {
        reindexing.close();
        retrying.close();
        verifying.close();
    }
}
