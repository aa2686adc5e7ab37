package io.pgsync.embedded.postgres;

import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.SharedServer;

/** The PostgreSQL server that all tests of a JVM share; each test uses its own database. */
public final class PostgresServers {

    /**
     * On a server that has written much, half of all positions have the highest bit of their lower half set. Those
     * after this one have it too.
     */
    private static final Lsn OLD = Lsn.parse("1/A0000000");

    private static final SharedServer<PostgresServer> SHARED = new SharedServer<>(
            "PGSYNC_TEST_PG_URL",
            GivenPostgres::at,
            () -> ContainerPostgres.start(),
            () -> EmbeddedPostgres.builder().walStart(OLD).start());

    private PostgresServers() {}

    /**
     * Returns the shared server: the one of {@code PGSYNC_TEST_PG_URL}, a container if {@code PGSYNC_TEST_SERVERS=testcontainers}, else
     * an embedded one of the newest version. It ends with the JVM; do not close it.
     */
    public static PostgresServer shared() {
        return SHARED.get();
    }
}
