package io.pgsync.replication.preflight;

import java.util.Collection;

/**
 * The service that runs the server, which decides how logical replication is switched on. Recognized by roles that
 * every server of the service has.
 *
 * <p>Source: the services' manuals on logical replication.
 */
enum Provider {
    AMAZON_RDS(
            "set rds.logical_replication = 1 in the (cluster) parameter group, then reboot the instance",
            "GRANT rds_replication TO %s;"),
    GOOGLE_CLOUD_SQL(
            "set the flag cloudsql.logical_decoding = on; the instance restarts",
            "ALTER USER %s WITH REPLICATION; -- as a member of cloudsqlsuperuser"),
    AZURE(
            "set the server parameter wal_level = logical, then restart the server",
            "ALTER ROLE %s WITH REPLICATION; -- as azure_pg_admin"),
    ALIBABA_CLOUD_RDS(
            "set wal_level = logical in the instance's parameters; it restarts",
            "ALTER ROLE %s REPLICATION; -- as the privileged account"),
    OWN("ALTER SYSTEM SET wal_level = 'logical'; -- then restart the server", "ALTER ROLE %s REPLICATION;");

    private final String logicalDecoding;
    private final String replicationRight;

    Provider(String logicalDecoding, String replicationRight) {
        this.logicalDecoding = logicalDecoding;
        this.replicationRight = replicationRight;
    }

    /** @param roles the names of the server's roles, or those of them that {@link #ROLES} lists */
    static Provider of(Collection<String> roles) {
        if (roles.contains("rdsadmin")) {
            return AMAZON_RDS;
        }
        if (roles.contains("cloudsqlsuperuser")) {
            return GOOGLE_CLOUD_SQL;
        }
        if (roles.contains("azure_pg_admin")) {
            return AZURE;
        }
        return roles.contains("pg_rds_superuser") || roles.contains("rds_superuser") ? ALIBABA_CLOUD_RDS : OWN;
    }

    /** The roles that distinguish the services, as an SQL list. */
    static final String ROLES =
            "'rdsadmin', 'cloudsqlsuperuser', 'azure_pg_admin', 'pg_rds_superuser', 'rds_superuser'";

    /** How to switch on logical decoding. */
    String logicalDecoding() {
        return logicalDecoding;
    }

    /** How a role gets the right to replicate. */
    String replicationRight(String quotedRole) {
        return replicationRight.formatted(quotedRole);
    }
}
