package io.pgsync.replication.query;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Values of the server's types, as their input functions take them: the edges that each has, and random ones out of a seed. */
final class KeyTypeSamples {
    private static final int RANDOM_VALUES = 6;

    private final Random random;
    private final Map<String, Supplier<Stream<String>>> byType = new TreeMap<>();

    KeyTypeSamples(long seed) {
        this.random = new Random(seed);
        numbers();
        texts();
        times();
        networks();
        others();
        ranges();
        madeByTheTest();
    }

    /** The values of a type named as in pg_type; empty for a type of which none are known. */
    List<String> of(String type) {
        return byType.getOrDefault(type, Stream::empty).get().distinct().toList();
    }

    private void add(String type, Supplier<String> any, String... edges) {
        byType.put(
                type,
                () -> Stream.concat(
                        Stream.of(edges), IntStream.range(0, RANDOM_VALUES).mapToObj(i -> any.get())));
    }

    private void numbers() {
        add("int2", () -> "" + (short) random.nextInt(), "0", "-32768", "32767");
        add("int4", () -> "" + random.nextInt(), "0", "-2147483648", "2147483647");
        add("int8", () -> "" + random.nextLong(), "0", "-9223372036854775808", "9223372036854775807");
        add("oid", () -> "" + random.nextInt(1 << 30), "0", "4294967295");
        add("xid8", () -> "" + (random.nextLong() >>> 1), "0", "18446744073709551615");
        add("numeric", this::numeric, "0", "NaN", "1.50", "-0.000", "1e30", "12345678901234567890.1234567890");
        add("float4", () -> "" + random.nextFloat(), floats("3.4028235e38", "1e-45", "16777217"));
        add("float8", () -> "" + random.nextGaussian(), floats("1e16", "1e15", "5e-324", "1.7976931348623157e308"));
        add("money", () -> (random.nextInt() / 100) + ".25", "0", "-12.5", "1234567.89", "-92233720368547758.08");
        add("bool", () -> "true", "true", "false");
    }

    private static String[] floats(String... more) {
        return Stream.concat(Stream.of("-0", "1", "-3", "0.1", "1e25", "NaN", "Infinity", "-Infinity"), Stream.of(more))
                .toArray(String[]::new);
    }

    private String numeric() {
        return "%s%d.%0{d}d"
                .replace("{d}", "" + (1 + random.nextInt(9)))
                .formatted(random.nextBoolean() ? "-" : "", random.nextInt(1000), random.nextInt(10));
    }

    private void texts() {
        String[] edges = {
            "",
            " ",
            "a ",
            " a",
            "A",
            "a|b",
            "\\",
            "\\|",
            "'",
            "\"",
            "{}",
            "NULL",
            "ä\u00a0€ß",
            "a\nb\tc",
            "\ud83d\ude00"
        };
        add("text", this::word, edges);
        add("varchar", this::word, edges);
        add("citext", this::word, edges);
        add("bpchar", this::word, edges);
        add("name", this::word, edges);
        add("char", () -> "" + (char) ('a' + random.nextInt(26)), "x", "", " ", "|");
        add("bytea", () -> "\\x%08x".formatted(random.nextInt()), "\\x", "\\x00", "\\x27227c5c0a", "\\xff");
        add(
                "jsonb",
                () -> "{\"a\": %d}".formatted(random.nextInt()),
                "null",
                "1.50",
                "\"x\"",
                "{}",
                "[1, \"b|c\", null]");
        add("tsvector", () -> word().replaceAll("\\W", "x"), "", "'a b':1A,2 'c'", "'it''s'");
        add("tsquery", () -> word().replaceAll("\\W", "x"), "a & !b", "'a b' <-> c", "a:*B");
        add("bit", () -> random.nextBoolean() ? "1" : "0", "0", "1");
        add("varbit", () -> Integer.toBinaryString(random.nextInt(1 << 20)), "", "0", "00", "1010");
        add(
                "uuid",
                () -> new java.util.UUID(random.nextLong(), random.nextLong()).toString(),
                "00000000-0000-0000-0000-000000000000");
    }

    private String word() {
        return random.ints(1 + random.nextInt(8), 0x20, 0x250)
                .filter(Character::isDefined)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private void times() {
        add("date", this::date, "infinity", "-infinity", "0044-03-15 BC", "4713-01-01 BC", "12345-06-07", "2000-02-29");
        add("time", this::time, "00:00:00", "24:00:00", "03:04:05.000001", "03:04:05.12");
        add("timetz", () -> time() + "+05:30", "00:00:00+00", "24:00:00-15:59", "03:04:05.5+02", "01:02:03+01:02:03");
        String[] moments = {
            "infinity",
            "-infinity",
            "0044-03-15 12:00 BC",
            "4713-01-01 00:00:00.5 BC",
            "12345-06-07 08:09",
            "2000-01-01 00:00:00.123456"
        };
        add("timestamp", () -> date() + " " + time(), moments);
        add("timestamptz", () -> date() + " " + time() + "-03", moments);
        add(
                "interval",
                () -> random.nextInt(1000) + " days " + random.nextInt(100_000) + " ms",
                "0",
                "1 year -2 mons 3 days -04:05:06.7",
                "24:00:00",
                "-1 day");
    }

    private String date() {
        return "%04d-%02d-%02d".formatted(1 + random.nextInt(9998), 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    private String time() {
        return "%02d:%02d:%02d.%d"
                .formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000));
    }

    private void networks() {
        add("inet", this::address, "10.0.0.1", "10.0.0.0/8", "10.0.0.1/24", "::1", "::ffff:1.2.3.4", "fe80::1/64");
        add("cidr", this::address, "10.0.0.0/8", "10.0.0.1/32", "::/0", "2001:db8::/32");
        add("macaddr", () -> mac(6), "08:00:2b:01:02:03");
        add("macaddr8", () -> mac(8), "08:00:2b:01:02:03:04:05");
    }

    private String address() {
        return IntStream.range(0, 4)
                .mapToObj(i -> "" + random.nextInt(256))
                .reduce((a, b) -> a + "." + b)
                .orElseThrow();
    }

    private String mac(int bytes) {
        return IntStream.range(0, bytes)
                .mapToObj(i -> "%02x".formatted(random.nextInt(256)))
                .reduce((a, b) -> a + ":" + b)
                .orElseThrow();
    }

    private void others() {
        add("tid", () -> "(%d,%d)".formatted(random.nextInt(99), random.nextInt(99)), "(0,1)", "(4294967295,65535)");
        add("pg_lsn", () -> "%X/%X".formatted(random.nextInt(), random.nextInt()), "0/0", "FFFFFFFF/FFFFFFFF");
        add("oidvector", () -> random.nextInt(9) + " " + random.nextInt(9), "", "1", "4294967295 0");
        add("int2vector", () -> random.nextInt(9) + " " + random.nextInt(9), "", "1", "-5 7");
    }

    private void ranges() {
        Map<String, Supplier<String>> ends = Map.of(
                "int4", () -> "" + random.nextInt(1000),
                "int8", () -> "" + random.nextInt(1000),
                "num", () -> random.nextInt(1000) + ".50",
                "date", this::date,
                "ts", () -> date() + " " + time(),
                "tstz", () -> date() + " " + time() + "+01");
        ends.forEach((type, end) -> {
            add(type + "range", () -> range(end.get()), "empty", "(,)");
            add(type + "multirange", () -> "{" + range(end.get()) + "}", "{}", "{(,)}");
        });
    }

    private static String range(String start) {
        return "[\"" + start + "\",)";
    }

    private void madeByTheTest() {
        add("mood", () -> "happy", "sad", "it's, {so} \"so\"|\\");
        add("positive", () -> "" + (1 + random.nextInt(1 << 30)), "1");
        add("host", this::address, "10.0.0.1", "::1");
        add("code", () -> word().substring(0, 1), "c", "c d");
        add("tags", () -> "{%d,%d}".formatted(random.nextInt(), random.nextInt()), "{}", "[2:3]={5,6}");
        add(
                "place",
                () -> "(%d,\"%s\",%s,t,c)".formatted(random.nextInt(), "x y", address()),
                "(,,,,)",
                "(1,\"\",10.0.0.1,f,\"\")",
                "(2,\"a|\"\"b\\\\\",,,)");
        add("hostrange", () -> range(address()), "empty", "(,)", "[10.0.0.1,10.0.0.9)");
        add("hostmultirange", () -> "{" + range(address()) + "}", "{}");
        add(
                "_int4",
                () -> "{%d,%d}".formatted(random.nextInt(), random.nextInt()),
                "{}",
                "{NULL}",
                "{{1,2},{3,4}}",
                "[2:3]={5,6}");
        add("_text", () -> "{" + quoted(word()) + "}", "{}", "{\"\",NULL,\"NULL\"}", "{\"a|b\",\"\\\\\",\"\\\"\"}");
        add("_inet", () -> "{" + address() + "}", "{10.0.0.1,10.0.0.0/8}");
        add("_bpchar", () -> "{" + quoted(word()) + "}", "{\"a \",a}");
        add("_bool", () -> "{t,f}", "{t}", "{f,NULL}");
        add("_numeric", () -> "{" + numeric() + "}", "{NaN,1.50}");
        add("_timestamptz", () -> "{\"" + date() + " " + time() + "+01\"}", "{infinity,\"0044-03-15 12:00 BC\"}");
        add("_mood", () -> "{happy}", "{sad,happy}");
        add("_place", () -> "{\"(%d,,10.0.0.1,t,)\"}".formatted(random.nextInt()));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").toUpperCase(Locale.ROOT) + "\"";
    }
}
