package io.pgsync.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.kafka.record.WorkRecord.Beat;
import io.pgsync.kafka.record.WorkRecord.Begin;
import io.pgsync.kafka.record.WorkRecord.Item;
import io.pgsync.kafka.record.WorkRecord.Lookup;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
    private static final Instant TIME = Instant.parse("2026-12-01T10:00:00.123Z");
    private static final long VERSION = (1L << 62) + (7L << 36) + (5L << 4);
    private static final Item ITEM = new Item(VERSION, 300, Lsn.parse("16/B374D848"), TIME, List.of("42"));

    static Stream<WorkRecord> records() {
        return Stream.of(
                ITEM,
                new Item(
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        Lsn.parse("FFFFFFFF/FFFFFFFF"),
                        Instant.EPOCH,
                        List.of("", "ä€😀", "x".repeat(300))),
                new Item(1, 1, Lsn.ZERO, Instant.ofEpochMilli((1L << 48) - 1), List.of()),
                new Begin(VERSION, 1, 0xFEDCBA9876543210L, Map.of(6L, 12_345L, 3L, 0L)),
                new Begin(VERSION, 1, 0, Map.of()),
                new Beat(VERSION, 127, TIME),
                new Lookup(
                        VERSION,
                        128,
                        List.of(
                                new IndexSearch(
                                        "books",
                                        "review",
                                        List.of("id", "lang"),
                                        Optional.of(List.of(List.of("1", "de"), List.of("2", "")))),
                                new IndexSearch("books", "author", List.of("id"), Optional.of(List.of())),
                                new IndexSearch("books", "shelf", List.of(), Optional.empty()))));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsReadIsWhatWasWritten(WorkRecord work) {
        assertThat(RecordCodec.decode(RecordCodec.encode(work), "here")).isEqualTo(work);
    }

    /** The form is an interface: what lies in a topic is read by later releases. */
    @Test
    void theBytesOfAnItemStay() {
        assertThat(HexFormat.of().formatHex(RecordCodec.encode(ITEM)))
                .isEqualTo("01" + "01" + "4000007000000050" + "ac02" + "00000016b374d848" + "01a2310c017b" + "01" + "02"
                        + "3432");
    }

    @ParameterizedTest
    @MethodSource("records")
    void aValueThatWasCutOffIsNeverTakenForAnother(WorkRecord work) {
        byte[] whole = RecordCodec.encode(work);

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> RecordCodec.decode(part, "fresh-3@17"))
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                    .hasMessageContaining("The record at fresh-3@17 cannot be read");
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void norIsALongerOne(WorkRecord work) {
        byte[] whole = RecordCodec.encode(work);

        assertThatThrownBy(() -> RecordCodec.decode(Arrays.copyOf(whole, whole.length + 1), "here"))
                .hasMessageContaining("1 bytes are left over");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "010500000000000000000100"})
    void anUnknownFormatOrKindStopsTheWorker(String hex) {
        assertThatThrownBy(() -> RecordCodec.decode(HexFormat.of().parseHex(hex), "here"))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("this release");
    }

    /** A count of four billion, from a damaged byte, must not ask for that much memory. */
    @Test
    void aDamagedCountAsksForNoMemory() {
        byte[] damaged = HexFormat.of().parseHex("01014000007000000050ac0200000016b374d84801a2310c017bffffffff0f");

        assertThatThrownBy(() -> RecordCodec.decode(damaged, "here")).hasMessageContaining("bytes are left");
    }
}
