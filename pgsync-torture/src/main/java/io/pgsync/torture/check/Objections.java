package io.pgsync.torture.check;

import io.pgsync.torture.client.Session;
import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.process.Daemon.Outcome;
import io.pgsync.torture.report.TortureFailure;
import io.pgsync.torture.tree.RandomTree;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/** What pgsync has to object to before it follows a tree: each is there for a while only, and must be named with its table. */
public final class Objections {
    private static final String ROLE = "torture_reader";

    private final RandomTree tree;
    private final Daemon daemon;
    private final Session session;
    private final String database;

    public Objections(RandomTree tree, Daemon daemon, Session session, String database) {
        this.tree = tree;
        this.daemon = daemon;
        this.session = session;
        this.database = database;
    }

    /** A role from which the server keeps some rows without a word would make documents without them. */
    public void toRowSecurity() throws IOException, SQLException {
        var table = tree.root().table().name();
        session.execute("CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s'".formatted(ROLE, ROLE));
        session.execute("GRANT CREATE ON DATABASE %s TO %s".formatted(database, ROLE));
        session.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + ROLE);
        session.execute("CREATE POLICY few ON %s USING (v < 5)".formatted(table));
        session.execute("ALTER TABLE %s ENABLE ROW LEVEL SECURITY".formatted(table));
        try {
            var doctor = daemon.command(Map.of("PG_USER", ROLE, "PG_PASSWORD", ROLE), "doctor");
            mustName(doctor, table, "row-level security");
        } finally {
            session.execute("ALTER TABLE %s DISABLE ROW LEVEL SECURITY".formatted(table));
            session.execute("DROP OWNED BY " + ROLE);
            session.execute("DROP ROLE " + ROLE);
        }
    }

    /** Published as they are, these tables could not be changed any more. */
    public void toMissingIdentity() throws IOException {
        var bootstrap = daemon.command("bootstrap", "--replica-identity", "keep");
        for (var table : tree.tables()) {
            if (!table.traits().hasIdentity() && !table.traits().wholeOldRows()) {
                mustName(bootstrap, table.name(), "replica identity");
            }
        }
    }

    private static void mustName(Outcome outcome, String table, String reason) {
        var said = outcome.output().toLowerCase(Locale.ROOT);
        if (outcome.code() == 0 || !said.contains(reason) || !said.contains(table)) {
            throw new TortureFailure("%s should have failed and named \"%s\" and \"%s\"; it ended with %d:\n%s"
                    .formatted(outcome.command(), table, reason, outcome.code(), outcome.output()));
        }
    }
}
