package io.pgsync.cli.torture;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

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
    },
    RESTART_POSTGRES {
        @Override
        void strike(Site site) {
            site.servers().restartPostgres();
        }
    },
    CRASH_POSTGRES {
        @Override
        void strike(Site site) {
            site.servers().crashPostgres();
        }
    },
    CRASH_ELASTICSEARCH {
        @Override
        void strike(Site site) {
            site.servers().crashElasticsearch();
        }
    },
    HOLD_WRITES {
        @Override
        void strike(Site site) throws SQLException {
            site.unstored().mustStayUnconfirmed();
        }
    };

    private static final Duration PAUSE = Duration.ofMillis(700);

    private static final List<Fault> BY_FREQUENCY = Stream.of(values())
            .flatMap(fault -> Collections.nCopies(fault.frequency(), fault).stream())
            .toList();

    static Fault any(Random random) {
        return BY_FREQUENCY.get(random.nextInt(BY_FREQUENCY.size()));
    }

    /** Servers take long to start. */
    private int frequency() {
        return switch (this) {
            case CRASH_ELASTICSEARCH -> 1;
            case RESTART_POSTGRES, CRASH_POSTGRES -> 4;
            default -> 12;
        };
    }

    abstract void strike(Site site) throws IOException, SQLException;

    /** Where faults strike; {@code control} is a session of its own. */
    record Site(
            Daemon daemon,
            OwnServers servers,
            FaultyProxy postgres,
            FaultyProxy elasticsearch,
            Unstored unstored,
            Session control) {
        void execute(String sql) throws SQLException {
            control.connection();
            control.execute(sql);
        }
    }
}
