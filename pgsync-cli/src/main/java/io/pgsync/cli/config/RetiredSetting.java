package io.pgsync.cli.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * PGSync's variables that have no effect here, and what replaces them. They are accepted, so that an environment of
 * PGSync can be kept.
 */
enum RetiredSetting {
    REDIS("REDIS_.*", "Redis is not needed: changes come from the replication slot"),
    CHECKPOINT("CHECKPOINT_PATH", "progress is kept in the state index beside the data"),
    TRIGGERS("JOIN_QUERIES", "no triggers are created"),
    SLOT(
            "LOGICAL_SLOT_CHUNK_SIZE|REPLICATION_SLOT_CLEANUP_INTERVAL",
            "the slot is streamed and advances as documents are stored"),
    POLLING("POLL_TIMEOUT|POLL_INTERVAL|NTHREADS_POLLDB", "nothing polls: changes are streamed"),
    ASYNC("USE_ASYNC", "everything runs without blocking"),
    STREAMING("STREAM_RESULTS|BLOCK_SIZE", "results are always streamed, roots are loaded in the order of their keys"),
    POOL("SQLALCHEMY_.*", "connections are few and kept open"),
    MYSQL("MYSQL_DATABASE|USE_UTF8MB4", "PostgreSQL is the only source"),
    MEMORY("PG_WORK_MEM", "set it for the user: ALTER ROLE … SET work_mem"),
    MAINTENANCE("PG_DATABASE", "every connection goes to the database that the schema file names"),
    BULK(
            "ELASTICSEARCH_(STREAMING_BULK|THREAD_COUNT|QUEUE_SIZE|POOL_MAXSIZE)",
            "bulk requests adapt their size and number to the engine"),
    RETRIES(
            "ELASTICSEARCH_(MAX_RETRIES|INITIAL_BACKOFF|MAX_BACKOFF)",
            "a busy or absent engine is tried again until it answers"),
    ERRORS(
            "ELASTICSEARCH_(RAISE_ON_ERROR|RAISE_ON_EXCEPTION|IGNORE_STATUS)",
            "a refused document is recorded and the others go on"),
    TLS(
            "ELASTICSEARCH_(USE_SSL|SSL_CONTEXT|SSL_VERSION|SSL_ASSERT_HOSTNAME|SSL_SHOW_WARN)",
            "https in the address turns TLS on; Java chooses its version"),
    CLIENT("ELASTICSEARCH_(OPAQUE_ID|HTTP_COMPRESS)", "requests are sent plain and without an opaque id"),
    CLOUD("ELASTICSEARCH_CLOUD_ID", "give the address of the cluster in ELASTICSEARCH_URL"),
    LOGGING("LOG_HANDLERS|LOG_LEVEL|QUERY_LITERAL_BINDS", "messages go to stderr; --verbose shows more of them");

    private final Pattern names;
    private final String instead;

    RetiredSetting(String names, String instead) {
        this.names = Pattern.compile(names);
        this.instead = instead;
    }

    /** One line for each group of which a variable is set: the names, and what replaces them. */
    static List<String> notices(Environment environment) {
        return Arrays.stream(values())
                .flatMap(retired -> retired.notice(environment).stream())
                .toList();
    }

    private Optional<String> notice(Environment environment) {
        var set = environment.names().stream()
                .filter(name -> names.matcher(name).matches())
                .toList();
        return set.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", set) + " not used: " + instead);
    }
}
