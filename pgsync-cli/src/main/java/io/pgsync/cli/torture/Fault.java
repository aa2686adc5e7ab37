package io.pgsync.cli.torture;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What goes wrong while clients are busy. */
enum Fault {
    KILL_DAEMON {
        @Override
        void strike(Site site) throws IOException {
            site.daemon().killAndStart();
        }
    },
    RESTART_DAEMON {
        @Override
        void strike(Site site) throws IOException {
            site.daemon().stopAndStart();
        }
    },
    TERMINATE_WALSENDER {
        @Override
        void strike(Site site) throws SQLException {
            site.execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                    + " WHERE database = current_database() AND active");
        }
    },
    TERMINATE_BACKENDS {
        @Override
        void strike(Site site) throws SQLException {
            site.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name LIKE 'pgsync%'");
        }
    },
    CUT_POSTGRES {
        @Override
        void strike(Site site) {
            site.postgres().cut();
        }
    },
    CUT_ELASTICSEARCH {
        @Override
        void strike(Site site) {
            site.elasticsearch().cut();
        }
    },
    STALL_POSTGRES {
        @Override
        void strike(Site site) {
            site.postgres().stall(PAUSE);
        }
    },
    STALL_ELASTICSEARCH {
        @Override
        void strike(Site site) {
            site.elasticsearch().stall(PAUSE);
        }
    },
    SILENCE_ELASTICSEARCH {
        @Override
        void strike(Site site) {
            site.elasticsearch().silence();
        }
    },
    LOSE_ANSWERS {
        @Override
        void strike(Site site) {
            site.elasticsearch().loseAnswers(3);
        }
    };

    static final List<Fault> ALL = List.of(values());

    private static final Duration PAUSE = Duration.ofMillis(700);

    abstract void strike(Site site) throws IOException, SQLException;

    /** Where faults strike; {@code control} is a session of its own. */
    record Site(Daemon daemon, FaultyProxy postgres, FaultyProxy elasticsearch, Connection control) {
        void execute(String sql) throws SQLException {
            try (var statement = control.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
