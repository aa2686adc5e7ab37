package io.pgsync.cli.torture;

/** Every row is known by a number, of which each type of key makes its own values; in the order of the numbers where it can. */
enum KeyType {
    INTEGER("integer", "(%s)"),
    BIGINT("bigint", "(%s)::bigint * 10000000000"),
    TEXT("text", "'key Ü''-' || lpad((%s)::text, 7, '0')"),
    UUID("uuid", "md5((%s)::text)::uuid");

    private final String sql;
    private final String expression;

    KeyType(String sql, String expression) {
        this.sql = sql;
        this.expression = expression;
    }

    String sql() {
        return sql;
    }

    /** The SQL of the value for a number that SQL computes. */
    String of(String number) {
        return expression.formatted(number);
    }
}
