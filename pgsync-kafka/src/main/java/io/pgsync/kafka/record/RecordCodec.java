package io.pgsync.kafka.record;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.kafka.record.WorkRecord.Beat;
import io.pgsync.kafka.record.WorkRecord.Begin;
import io.pgsync.kafka.record.WorkRecord.Item;
import io.pgsync.kafka.record.WorkRecord.Lookup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The values of work records: some 30 bytes for an item with a short key, and no parser on the way.
 *
 * <pre>{@code
 *  byte  format, 1
 *  byte  kind: 1 item, 2 begin, 3 beat, 4 lookup
 *  8     version
 *  v     number
 *  item:    8 position of the oldest change, 6 time of its sending in ms, texts of the root's key
 *  begin:   8 fingerprint of the schema file, v count of (v generation, v last number)
 *  beat:    6 time in ms
 *  lookup:  v count of (text index, text table, texts columns, v 0 for the whole table or 1 + rows, texts of each row)
 *
 *  n: n bytes, big-endian.  v: 7 bits a byte, the lowest first.  text: v length and UTF-8.  texts: v count and that many texts.
 * }</pre>
 */
public final class RecordCodec {
    private static final byte FORMAT = 1;
    private static final int TIME_BYTES = 6;

    private RecordCodec() {}

    private static int kind(WorkRecord work) {
        if (work instanceof Item) {
            return 1;
        } else if (work instanceof Begin) {
            return 2;
        } else if (work instanceof Beat) {
            return 3;
        }
        return 4;
    }

    /** The value of a record. */
    public static byte[] encode(WorkRecord work) {
        var out = new RecordWriter()
                .fixed(FORMAT, 1)
                .fixed(kind(work), 1)
                .fixed(work.version(), Long.BYTES)
                .varint(work.number());
        if (work instanceof Item item) {
            out.fixed(item.oldest().value(), Long.BYTES)
                    .fixed(item.handedAt().toEpochMilli(), TIME_BYTES)
                    .texts(item.root());
        } else if (work instanceof Begin begin) {
            out.fixed(begin.fingerprint(), Long.BYTES).varint(begin.last().size());
            new TreeMap<>(begin.last())
                    .forEach((generation, number) -> out.varint(generation).varint(number));
        } else if (work instanceof Beat beat) {
            out.fixed(beat.at().toEpochMilli(), TIME_BYTES);
        } else if (work instanceof Lookup lookup) {
            out.varint(lookup.searches().size());
            lookup.searches().forEach(search -> write(search, out));
        }
        return out.bytes();
    }

    private static void write(IndexSearch search, RecordWriter out) {
        out.text(search.index()).text(search.table()).texts(search.columns());
        out.varint(search.keys().map(rows -> 1L + rows.size()).orElse(0L));
        search.keys().orElse(List.of()).forEach(out::texts);
    }

    /**
     * What a value says. Fails with STOP if this release does not know its format or its kind, or if it is damaged: a worker that left a
     * record out would lose a change.
     *
     * @param place topic, partition and offset, for the message
     */
    public static WorkRecord decode(byte[] value, String place) {
        try {
            var in = new RecordReader(value);
            long format = in.fixed(1);
            if (format != FORMAT) {
                throw new IllegalArgumentException(
                        "its format is %d, and this release reads %d".formatted(format, FORMAT));
            }
            WorkRecord work = decode(in);
            in.mustBeAtEnd();
            return work;
        } catch (IllegalArgumentException damage) {
            throw new SyncException(
                    Remedy.STOP,
                    "The record at %s cannot be read: %s. Start the release that wrote it, or bootstrap again"
                            .formatted(place, damage.getMessage()),
                    damage);
        }
    }

    private static WorkRecord decode(RecordReader in) {
        int kind = (int) in.fixed(1);
        long version = in.fixed(Long.BYTES);
        long number = in.varint();
        return switch (kind) {
            case 1 -> new Item(version, number, new Lsn(in.fixed(Long.BYTES)), time(in), in.texts());
            case 2 -> new Begin(version, number, in.fixed(Long.BYTES), numbers(in));
            case 3 -> new Beat(version, number, time(in));
            case 4 -> new Lookup(version, number, in.list(() -> search(in)));
            default ->
                throw new IllegalArgumentException("its kind is %d, which this release does not know".formatted(kind));
        };
    }

    private static Instant time(RecordReader in) {
        return Instant.ofEpochMilli(in.fixed(TIME_BYTES));
    }

    private static Map<Long, Long> numbers(RecordReader in) {
        return in.list(() -> Map.entry(in.varint(), in.varint())).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static IndexSearch search(RecordReader in) {
        return new IndexSearch(in.text(), in.text(), in.texts(), rows(in));
    }

    private static Optional<List<List<String>>> rows(RecordReader in) {
        long rows = in.varint();
        if (rows == 0) {
            return Optional.empty();
        }
        return Optional.of(in.list(rows - 1, in::texts));
    }
}
