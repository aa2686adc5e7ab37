package io.pgsync.torture.tree;

import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.World;
import java.util.List;

/** Every row is known by a number, of which each type of key makes its own values; in the order of the numbers where it can. */
public enum KeyType {
    INTEGER("integer", "(%s)"),
    BIGINT("bigint", "(%s)::bigint * 10000000000"),
    TEXT("text", "'key Ü''-' || lpad((%s)::text, 7, '0')"),
    UUID("uuid", "md5((%s)::text)::uuid"),
    CHAR("char(12)", "lpad((%s)::text, 7, '0')::char(12)"),
    VARCHAR("varchar(20)", "('a|b ' || lpad((%s)::text, 7, '0'))::varchar(20)"),
    NAME("name", "lpad((%s)::text, 7, '0')::name"),
    NUMERIC("numeric", "(%s) + 0.50"),
    DOUBLE("double precision", "(%s)::float8 + 0.25"),
    MONEY("money", "(%s)::integer::money"),
    DATE("date", "date '2001-02-03' + (%s)::integer"),
    DATE_BC("date", "date '0044-03-15 BC' + (%s)::integer"),
    TIMESTAMP("timestamp", "timestamp '2001-02-03 04:05:06.789' + (%s) * interval '1 hour'"),
    TIMESTAMPTZ("timestamptz", "timestamptz '2001-02-03 04:05:06.7+00' + (%s) * interval '1 hour'"),
    TIMESTAMPTZ_BC("timestamptz", "timestamptz '0044-03-15 04:05:06.7+00 BC' + (%s) * interval '1 hour'"),
    TIME("time", "time '00:00' + (%s) * interval '7 seconds'"),
    INTERVAL("interval", "(%s) * interval '25 hours'"),
    BIT("bit(20)", "(%s)::integer::bit(20)"),
    BYTEA("bytea", "decode(lpad(to_hex((%s)::integer), 8, '0'), 'hex')"),
    INET("inet", "'10.0.0.0'::inet + (%s)::bigint"),
    CIDR("cidr", "set_masklen('10.0.0.0'::inet + 256 * (%s)::bigint, 24)::cidr"),
    MACADDR("macaddr8", "lpad(to_hex((%s)::integer), 16, '0')::macaddr8"),
    RANGE("int4range", "int4range((%1$s)::integer, (%1$s)::integer + 2)"),
    ARRAY("integer[]", "ARRAY[(%1$s)::integer, 7]"),
    TEXT_ARRAY("text[]", "ARRAY['a b', lpad((%s)::text, 7, '0')]"),
    ENUM("grade", "('grade ' || (%s)::integer)::grade", """
        DO $$ BEGIN EXECUTE (SELECT 'CREATE TYPE grade AS ENUM (' || string_agg(quote_literal('grade ' || n), ', ' ORDER BY n) || ')'
        FROM generate_series(0, %d) AS g(n)); END $$\
        """.formatted(KeyType.MOST)),
    DOMAIN(
            "code_text",
            "('c' || lpad((%s)::text, 7, '0'))::code_text",
            "CREATE DOMAIN code_text AS text CHECK (VALUE ~ '^c')"),
    COMPOSITE("pair", "ROW((%s)::integer, 'x y')::pair", "CREATE TYPE pair AS (a integer, b text)");

    /** The greatest number that a row may have. */
    static final int MOST = 4_500;

    private static final List<KeyType> USUAL = List.of(INTEGER, BIGINT, TEXT, UUID);
    private static final List<KeyType> ODD = List.of(values());
    /** Those of which a partition's bounds may be made. */
    private static final List<KeyType> ORDERED = List.of(
            INTEGER, BIGINT, TEXT, CHAR, VARCHAR, NUMERIC, DATE, DATE_BC, TIMESTAMP, TIMESTAMPTZ, BIT, BYTEA, INET);

    /** The server cannot hash these. */
    private static final List<KeyType> NOT_HASHABLE = List.of(MONEY, BIT);

    private final String sql;
    private final String expression;
    private final String definition;

    KeyType(String sql, String expression) {
        this(sql, expression, "");
    }

    KeyType(String sql, String expression, String definition) {
        this.sql = sql;
        this.expression = expression;
        this.definition = definition;
    }

    static List<KeyType> of(World world) {
        return world.has(Condition.ODD_KEYS) ? ODD : USUAL;
    }

    /** The statement that defines it, or nothing where the server knows it. */
    List<String> definition() {
        return definition.isEmpty() ? List.of() : List.of(definition);
    }

    boolean isOrdered() {
        return ORDERED.contains(this);
    }

    boolean isHashable() {
        return !NOT_HASHABLE.contains(this);
    }

    String sql() {
        return sql;
    }

    /** The SQL of the value for a number that SQL computes. */
    public String of(String number) {
        return expression.formatted(number);
    }
}
