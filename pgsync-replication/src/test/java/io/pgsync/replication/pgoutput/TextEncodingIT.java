package io.pgsync.replication.pgoutput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.ColumnValue.Unreadable;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every character of the encodings that a database may have is read as the server converts it. */
class TextEncodingIT {
    private static final String NONE = "none";
    private static final String EVERY_BYTE = "SELECT set_byte('\\x00', 0, i) FROM generate_series(128, 255) i";
    private static final String EVERY_PAIR =
            "SELECT set_byte(set_byte('\\x0000', 0, i), 1, j) FROM generate_series(142, 254) i, generate_series(161, 254) j";
    private static final String EVERY_TRIPLE = "SELECT '\\x8f'::bytea || set_byte(set_byte('\\x0000', 0, i), 1, j)"
            + " FROM generate_series(161, 254) i, generate_series(161, 254) j";

    private static TestDatabase database;

    @BeforeAll
    static void makeTheConversionAskable() {
        database = TestDatabase.on(PostgresServers.shared());
        database.execute("""
                CREATE FUNCTION converted(b bytea, encoding text) RETURNS text LANGUAGE plpgsql AS $$
                BEGIN RETURN encode(convert(b, encoding::name, 'UTF8'), 'hex');
                EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN RETURN '%s'; END $$""".formatted(NONE));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LATIN3",
                "ISO_8859_6",
                "ISO_8859_7",
                "ISO_8859_8",
                "WIN874",
                "WIN1250",
                "WIN1251",
                "WIN1252",
                "WIN1253",
                "WIN1254",
                "WIN1255",
                "WIN1257",
                "WIN1258"
            })
    void aByteIsWhatTheServerMakesOfIt(String encoding) {
        Map<String, String> converted = converted(encoding, EVERY_BYTE);

        assertThat(converted).containsValue(NONE);
        assertThat(read(encoding, converted)).isEqualTo(converted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LATIN1",
                "LATIN2",
                "LATIN4",
                "LATIN5",
                "LATIN6",
                "LATIN7",
                "LATIN8",
                "LATIN9",
                "LATIN10",
                "ISO_8859_5",
                "KOI8R",
                "KOI8U",
                "WIN866",
                "WIN1256"
            })
    void theServerConvertsWhereItAlwaysCan(String encoding) {
        assertThat(converted(encoding, EVERY_BYTE)).doesNotContainValue(NONE);
        assertThat(TextEncoding.of(encoding)).isSameAs(TextEncoding.UTF8);
        assertThat(TextEncoding.endsStreams(encoding)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EUC_TW", "EUC_JIS_2004"})
    void whereTheServerCannotAndWeDoNotTheStreamMayEnd(String encoding) {
        assertThat(converted(encoding, EVERY_PAIR)).containsValue(NONE);
        assertThat(TextEncoding.of(encoding)).isSameAs(TextEncoding.UTF8);
        assertThat(TextEncoding.endsStreams(encoding)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EUC_CN", "EUC_KR", "EUC_JP"})
    void aCharacterOfSeveralBytesIsWhatTheServerMakesOfIt(String encoding) {
        Map<String, String> converted = converted(encoding, EVERY_PAIR + " UNION ALL " + EVERY_TRIPLE);
        Map<String, String> read = read(encoding, converted);

        assertThat(converted).containsValue(NONE);
        // Some of EUC_JP the JDK has not: they are looked up, as what is unreadable is.
        converted.keySet().removeIf(bytes -> encoding.equals("EUC_JP") && NONE.equals(read.get(bytes)) && isNec(bytes));
        read.keySet().retainAll(converted.keySet());
        assertThat(read).isEqualTo(converted);
    }

    /** Rows 13 and 83, 84 of the second plane: additions of NEC and IBM to the standard. */
    private static boolean isNec(String bytes) {
        return bytes.startsWith("ad") || bytes.startsWith("8ff3") || bytes.startsWith("8ff4");
    }

    private static Map<String, String> converted(String encoding, String bytes) {
        return database
                .connections()
                .query(
                        "SELECT encode(b, 'hex') || ' ' || converted(b, $1) FROM (" + bytes + ") AS x (b)",
                        row -> String.valueOf(row.get(0, String.class)),
                        encoding)
                .collectList()
                .blockOptional(Duration.ofMinutes(2))
                .orElse(List.of())
                .stream()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private static Map<String, String> read(String encoding, Map<String, String> codes) {
        var texts = TextEncoding.of(encoding);
        return codes.keySet().stream().collect(Collectors.toMap(code -> code, code -> hex(texts, code)));
    }

    private static String hex(TextEncoding texts, String code) {
        byte[] bytes = HexFormat.of().parseHex(code);
        ColumnValue value = texts.value(bytes, 0, bytes.length);
        assertThat(value).isInstanceOfAny(Text.class, Unreadable.class);
        return value instanceof Text text
                ? HexFormat.of().formatHex(text.value().getBytes(UTF_8))
                : NONE;
    }
}
