package io.pgsync.cli.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every variable that pgsync reads, under the variable's name: its type, its default and its meaning. The names without
 * {@code PGSYNC_} are those of PGSync and mean the same. {@link RetiredSetting} lists those that no longer have an
 * effect.
 */
public enum Setting {
    SCHEMA(ValueType.TEXT, "", "path of the schema file"),
    SCHEMA_URL(ValueType.SIGNED_URL, "", "HTTP address of the schema file"),
    S3_SCHEMA_URL(ValueType.SIGNED_URL, "", "not supported: S3 address of the schema file"),

    PG_URL(
            ValueType.URL,
            "",
            "the whole connection, without the database; wins over the other PG_ names and the options"),
    PG_HOST(ValueType.TEXT, "localhost", "host of PostgreSQL"),
    PG_PORT(ValueType.PORT, "5432", "port of PostgreSQL"),
    PG_USER(ValueType.TEXT, "", "user, with the replication right; required unless PG_URL is given"),
    PG_PASSWORD(ValueType.SECRET, "", "password of the user"),
    PG_SSLMODE(ValueType.SSL_MODE, "", "as in libpq: disable, allow, prefer, require, verify-ca, verify-full"),
    PG_SSLROOTCERT(ValueType.FILE, "", "certificate that signed the server's, in PEM"),
    PG_URL_RO(
            ValueType.URL,
            "",
            "standbys from which documents are read, as PG_URL, separated by commas; wins over the other names with _RO"),
    PG_HOST_RO(ValueType.TEXT, "", "host of one standby from which documents are read"),
    PG_PORT_RO(ValueType.PORT, "", "its port, else that of the primary"),
    PG_USER_RO(ValueType.TEXT, "", "user there, else as on the primary"),
    PG_PASSWORD_RO(ValueType.SECRET, "", "password of that user, else as on the primary"),
    PG_SSLMODE_RO(ValueType.SSL_MODE, "", "as PG_SSLMODE, else as on the primary"),
    PG_SSLROOTCERT_RO(ValueType.FILE, "", "as PG_SSLROOTCERT, else as on the primary"),
    PG_DRIVER(ValueType.TEXT, "psycopg2", "accepted for PostgreSQL; pymysql is refused"),

    ELASTICSEARCH(
            ValueType.FLAG, "true", "the search engine has to be Elasticsearch; it is asked, so this need not be said"),
    OPENSEARCH(
            ValueType.FLAG, "false", "the search engine has to be OpenSearch; it is asked, so this need not be said"),
    ELASTICSEARCH_AWS_HOSTED(
            ValueType.FLAG, "false", "sign requests for Amazon, with the credentials that AWS's own tools would use"),
    OPENSEARCH_AWS_HOSTED(ValueType.FLAG, "false", "as ELASTICSEARCH_AWS_HOSTED"),
    ELASTICSEARCH_AWS_REGION(ValueType.TEXT, "", "region of the domain, as eu-west-1; required to sign"),
    OPENSEARCH_AWS_SERVERLESS(ValueType.FLAG, "false", "not supported: Amazon OpenSearch Serverless"),
    ELASTICSEARCH_URL(ValueType.URL, "", "the whole address, with user and password if needed; wins over its parts"),
    ELASTICSEARCH_SCHEME("http or https", "http", "how the search engine is spoken to"),
    ELASTICSEARCH_HOST(ValueType.TEXT, "localhost", "host of the search engine"),
    ELASTICSEARCH_PORT(ValueType.PORT, "9200", "port of the search engine"),
    ELASTICSEARCH_USER(ValueType.TEXT, "", "user for basic authentication"),
    ELASTICSEARCH_PASSWORD(ValueType.SECRET, "", "password for basic authentication"),
    ELASTICSEARCH_HTTP_AUTH(ValueType.SECRET, "", "user,password in one"),
    ELASTICSEARCH_BASIC_AUTH(ValueType.SECRET, "", "user,password or user:password in one"),
    ELASTICSEARCH_API_KEY(ValueType.SECRET, "", "API key; encoded, unless its id is given too"),
    ELASTICSEARCH_API_KEY_ID(ValueType.TEXT, "", "id of the API key"),
    ELASTICSEARCH_BEARER_AUTH(ValueType.SECRET, "", "bearer token"),
    ELASTICSEARCH_VERIFY_CERTS(ValueType.FLAG, "true", "check the server's certificate"),
    ELASTICSEARCH_CA_CERTS(ValueType.FILE, "", "certificate that signed the server's, in PEM"),
    ELASTICSEARCH_SSL_ASSERT_FINGERPRINT(ValueType.TEXT, "", "SHA-256 of the server's or its issuer's certificate"),
    ELASTICSEARCH_CLIENT_CERT(ValueType.FILE, "", "our certificate, in PEM"),
    ELASTICSEARCH_CLIENT_KEY(ValueType.FILE, "", "its private key, in PEM"),
    ELASTICSEARCH_TIMEOUT(ValueType.SECONDS, "60", "seconds a request may take"),
    ELASTICSEARCH_CHUNK_SIZE(ValueType.INTEGER, "1000", "most documents in a bulk request"),
    ELASTICSEARCH_MAX_CHUNK_BYTES(ValueType.INTEGER, "5242880", "most bytes in a bulk request"),

    QUERY_CHUNK_SIZE(ValueType.INTEGER, "1000", "documents read by one query during a load"),
    FILTER_CHUNK_SIZE(ValueType.INTEGER, "1000", "most documents read by one query while following changes"),
    NUM_WORKERS(ValueType.INTEGER, "3", "document queries that run side by side"),
    LOG_INTERVAL(ValueType.SECONDS, "0.5", "seconds between two status lines; at least 10 when not on a terminal"),
    FORMAT_WITH_COMMAS(ValueType.FLAG, "true", "thousands separators in status lines"),
    POLLING(ValueType.FLAG, "false", "as --polling"),
    WAL(ValueType.FLAG, "false", "as --wal"),
    CONSOLE_LOGGING_HANDLER_MIN_LEVEL(ValueType.TEXT, "INFO", "least level that reaches the console"),
    GENERAL_LOGGING_LEVEL(ValueType.TEXT, "DEBUG", "least level of pgsync's own messages"),
    CUSTOM_LOGGING(ValueType.LIST, "", "levels of single loggers: name=LEVEL,name=LEVEL"),

    PGSYNC_SLOT(
            ValueType.TEXT,
            "",
            "name of the replication slot, else pgsync_ and the database; of a further schema file, its first index too"),
    PGSYNC_PUBLICATION(ValueType.TEXT, "", "name of the publication, else that of the slot"),
    PGSYNC_FAILOVER(
            ValueType.FLAG,
            "false",
            "a new slot is a fail-over slot: a standby that keeps it in step can take its place"),
    PGSYNC_KAFKA_BOOTSTRAP_SERVERS(
            ValueType.TEXT,
            "",
            "brokers of Kafka, host:port,host:port: affected documents wait there, so the slot is free while the engine is away"),
    PGSYNC_KAFKA_CONFIG(ValueType.FILE, "", "properties for Kafka's clients, as its own tools take them"),
    PGSYNC_KAFKA_PREFIX(ValueType.TEXT, "pgsync", "beginning of the names of topics, groups and transactional ids"),
    PGSYNC_KAFKA_PARTITIONS(ValueType.INTEGER, "24", "partitions of new topics"),
    PGSYNC_INSERT_ONLY(
            ValueType.LIST,
            "",
            "tables without replica identity, schema.table, that may be published: the server refuses UPDATE and DELETE on them"),
    PGSYNC_MAPPING(
            "types or dynamic", "types", "types: fields get the type of their column; dynamic: the engine guesses"),
    PGSYNC_INDEX_ALIAS(
            ValueType.FLAG,
            "true",
            "a new index is NAME-1 behind the alias NAME, so that pgsync reindex can replace it; false: it is NAME itself"),
    PGSYNC_PLUGIN_PATH(ValueType.TEXT, "", "directory of jars with plugins"),
    PGSYNC_DEAD_LETTERS(ValueType.TEXT, "pgsync-refused.jsonl", "file that records refused documents"),
    PGSYNC_REFUSED_LIMIT(
            ValueType.PERCENT,
            "50%",
            "share of the last 1,000 documents that may be refused; above it the document is set aside; 100%: no limit"),
    PGSYNC_AUDIT(
            ValueType.PERCENT_PER_TIME,
            "0",
            "share of each index that a running daemon compares with its tables and repairs, as 1%/h or 10%/d; 0: none"),
    PGSYNC_MAX_DOCUMENT(
            ValueType.BYTES,
            "",
            "largest document that is taken, as 50MB; else a sixteenth of Java's memory, at most 100MB"),
    PGSYNC_WAL_BUDGET(
            ValueType.BYTES,
            "",
            "log that the slot may make the server keep, as 20GB; else half of max_slot_wal_keep_size, or 10GB"),
    PGSYNC_WAL_BUDGET_ACTION(
            "warn or drop-slot",
            "warn",
            "what happens when it is used up: warn, or drop-slot, which frees the server's disk at the price of a new load"),
    PGSYNC_HTTP_PORT(ValueType.PORT, "", "port for health, metrics, status and waiting; no server without it"),
    PGSYNC_HTTP_HOST(ValueType.TEXT, "127.0.0.1", "address that the server listens at"),
    PGSYNC_LOG_FORMAT("text or json", "text", "text, or json: one object on each line"),
    PGSYNC_SHUTDOWN_TIMEOUT(ValueType.SECONDS, "30", "seconds to finish what is under way after SIGTERM"),
    PGSYNC_CACHE_DIR(ValueType.TEXT, "", "where the demo keeps its unpacked servers"),
    PGSYNC_JAVA_OPTIONS(ValueType.TEXT, "", "options for java; read by the launch script");

    private static final String OR = " or ";

    private final ValueType type;
    private final String fallback;
    private final String meaning;
    /** The only allowed values, separated by {@value #OR}; empty if the type alone decides. */
    private final String choices;

    Setting(ValueType type, String fallback, String meaning) {
        this(type, "", fallback, meaning);
    }

    Setting(String choices, String fallback, String meaning) {
        this(ValueType.TEXT, choices, fallback, meaning);
    }

    Setting(ValueType type, String choices, String fallback, String meaning) {
        this.type = type;
        this.choices = choices;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    /** The setting with the name of a variable. */
    public static Optional<Setting> named(String name) {
        return Arrays.stream(values())
                .filter(setting -> setting.name().equals(name))
                .findFirst();
    }

    public ValueType type() {
        return type;
    }

    /** True for a value that may hold a password: it is never shown, and may come from a separate file. */
    public boolean isSecret() {
        return type == ValueType.SECRET || type == ValueType.URL || type == ValueType.SIGNED_URL;
    }

    /** The value if none is given; empty if there is no default. */
    public Optional<String> fallback() {
        return Optional.of(fallback).filter(value -> !value.isEmpty());
    }

    /** What is wrong with a value, in words that complete "NAME …"; empty for a valid one. */
    Optional<String> problemWith(String value) {
        boolean known = choices.isEmpty() || List.of(choices.split(OR, -1)).contains(value);
        return known ? type.problemWith(value) : Optional.of("must be " + choices);
    }

    public String meaning() {
        return meaning;
    }
}
