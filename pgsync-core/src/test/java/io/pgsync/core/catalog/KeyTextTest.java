package io.pgsync.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "int4; 7; 7; 7",
                "text; a|b; a|b; a|b",
                "uuid; 0b0d4a3e-0000-4000-8000-000000000001; 0b0d4a3e-0000-4000-8000-000000000001; 0b0d4a3e-0000-4000-8000-000000000001",
                "numeric; 1.50; 1.50; 1.50",
                "date; 2020-01-02; 2020-01-02; 2020-01-02",
                "bool; t; True; true",
                "bool; f; False; false",
                "timestamptz; 2020-01-02 03:04:05+00; 2020-01-02 03:04:05+00:00; 2020-01-02T03:04:05+00:00",
                "timestamptz; 2020-01-02 03:04:05.5+00; 2020-01-02 03:04:05.500000+00:00; 2020-01-02T03:04:05.5+00:00",
                "timestamptz; 2020-01-02 03:04:05.00001+00; 2020-01-02 03:04:05.000010+00:00; 2020-01-02T03:04:05.00001+00:00",
                "timestamptz; 0044-03-15 12:00:00+00 BC; 0044-03-15 12:00:00+00 BC; 0044-03-15T12:00:00+00:00 BC",
                "timestamptz; infinity; infinity; infinity",
                "timestamp; 0044-03-15 12:00:00 BC; 0044-03-15 12:00:00 BC; 0044-03-15T12:00:00 BC",
                "timestamp; 2020-01-02 03:04:05; 2020-01-02 03:04:05; 2020-01-02T03:04:05",
                "timestamp; 2020-01-02 03:04:05.123; 2020-01-02 03:04:05.123000; 2020-01-02T03:04:05.123",
                "time; 03:04:05.12; 03:04:05.120000; 03:04:05.12",
                "timetz; 03:04:05+02; 03:04:05+02:00; 03:04:05+02",
                "timetz; 03:04:05+05:30; 03:04:05+05:30; 03:04:05+05:30",
                "float8; 1; 1.0; 1",
                "float8; -3; -3.0; -3",
                "float8; 1.5; 1.5; 1.5",
                "float8; 1e+25; 1e+25; 1e+25",
                "float8; 1e-07; 1e-07; 1e-07",
                "bytea; \\x01; b'\\x01'; \\x01",
                "bytea; \\x; b''; \\x",
                "bytea; \\x61; b'a'; \\x61",
                "bytea; \\x5c; b'\\\\'; \\x5c",
                "bytea; \\x090a0d; b'\\t\\n\\r'; \\x090a0d",
                "bytea; \\x27; b\"'\"; \\x27",
                "bytea; \\x2722; b'\\'\"'; \\x2722",
                "bytea; \\x7fff22; b'\\x7f\\xff\"'; \\x7fff22",
                "bytea; \\x5c783031; b'\\\\x01'; \\x5c783031"
            })
    void eachFormOfAKeyValue(String baseName, String text, String inId, String inJson) {
        var type = new ColumnType(baseName, baseName, ColumnType.Kind.BASE);

        assertThat(KeyText.inId(type, text)).isEqualTo(inId);
        assertThat(KeyText.canBeInId(type, inId)).isTrue();
        assertThat(KeyText.fromId(type, inId)).isEqualTo(text);
        assertThat(KeyText.inJson(type, text)).isEqualTo(inJson);
    }

    @ParameterizedTest
    @CsvSource({
        "int4, x|7",
        "int8, ''",
        "numeric, 1|2",
        "bool, t",
        "date, 2020-01-02|x",
        "timestamptz, never",
        "uuid, 7",
        "bytea, \\x01",
        "bytea, b"
    })
    void whatHasNotTheFormOfTheTypeCannotBeAskedFor(String baseName, String part) {
        assertThat(KeyText.canBeInId(new ColumnType(baseName, baseName, ColumnType.Kind.BASE), part))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, True, true", "false, False, false"})
    void aBooleanThatAQueryCastToTextIsWrittenOut(String text, String inId, String inJson) {
        var type = new ColumnType("boolean", "bool", ColumnType.Kind.BASE);

        assertThat(KeyText.inId(type, text)).isEqualTo(inId);
        assertThat(KeyText.inJson(type, text)).isEqualTo(inJson);
    }
}
