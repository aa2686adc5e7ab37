package io.pgsync.kafka.record;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The key of an item: its document. All records of a document have the same key, and so one partition.
 *
 * @param index the index's name
 * @param id the document's id in it
 */
public record RecordKey(String index, String id) {
    /** No index has it in its name. */
    private static final byte BETWEEN = 0;

    /** Name, zero byte, id; both in UTF-8. */
    public byte[] bytes() {
        byte[] name = index.getBytes(StandardCharsets.UTF_8);
        byte[] document = id.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 1 + document.length)
                .put(name)
                .put(BETWEEN)
                .put(document)
                .array();
    }

    /** What {@link #bytes} has written; fails with an {@link IllegalArgumentException} if it is something else. */
    public static RecordKey of(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != BETWEEN) {
            end++;
        }
        if (end == bytes.length) {
            throw new IllegalArgumentException("a key without a zero byte");
        }
        return new RecordKey(text(bytes, 0, end), text(bytes, end + 1, bytes.length));
    }

    private static String text(byte[] bytes, int begin, int end) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, begin, end - begin));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a key that is no UTF-8", e);
        }
    }

    /**
     * Its partition, as Kafka's own clients compute it. {@code partitions}: the count on record, not that of the topic at present: of a topic
     * that somebody enlarges, other partitions would take the documents, beside what waits for them in the earlier ones.
     */
    public int partition(int partitions) {
        return Utils.toPositive(Utils.murmur2(bytes())) % partitions;
    }
}
