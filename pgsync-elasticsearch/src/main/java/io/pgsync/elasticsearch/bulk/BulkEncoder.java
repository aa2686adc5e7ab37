package io.pgsync.elasticsearch.bulk;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.pgsync.core.document.DocumentChange;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes changes as bulk actions. Documents are copied and never parsed. Only their line breaks are removed: in valid
 * JSON they are insignificant white space, but they would break the framing.
 */
final class BulkEncoder {
    private static final byte[] GUARD =
            ascii("{\"update\":{\"_id\":\"pgsync\",\"routing\":\"pgsync\",\"require_alias\":true}}\n{\"doc\":{}}\n");

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long LINE_FEEDS = ONES * '\n';
    private static final long CARRIAGE_RETURNS = ONES * '\r';

    private static final byte[] INDEX = opening("index");
    private static final byte[] DELETE = opening("delete");

    private final Optional<String> pipeline;
    private volatile Endings endings;

    BulkEncoder(Optional<String> pipeline) {
        this.pipeline = pipeline;
        this.endings = Endings.of(0, pipeline);
    }

    /** What stands behind the ids of all items with one version. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Endings(long version, byte[] index, byte[] delete) {
        static Endings of(long version, Optional<String> pipeline) {
            return new Endings(
                    version,
                    ending(version, Optional.empty(), pipeline),
                    ending(version, Optional.empty(), Optional.empty()));
        }
    }

    /** The items of a batch have one version, so they are made once for all of them. */
    private Endings endings(long version) {
        Endings known = endings;
        if (known.version() != version) {
            known = Endings.of(version, pipeline);
            endings = known;
        }
        return known;
    }

    BulkItem item(DocumentChange change, long version) {
        if (change instanceof DocumentChange.Upsert upsert) {
            byte[] ending = upsert.routing().isPresent()
                    ? ending(version, upsert.routing(), pipeline)
                    : endings(version).index();
            return BulkItem.decisive(change, action(INDEX, change.id(), ending));
        }
        return BulkItem.decisive(
                change, action(DELETE, change.id(), endings(version).delete()));
    }

    BulkItem delete(DocumentChange.Delete change, long version, String routing) {
        return BulkItem.decisive(
                change, action(DELETE, change.id(), ending(version, Optional.of(routing), Optional.empty())));
    }

    BulkItem tombstone(DocumentChange change, long version, String routing) {
        return BulkItem.tombstone(
                change, action(DELETE, change.id(), ending(version, Optional.of(routing), Optional.empty())));
    }

    private static byte[] opening(String operation) {
        return ascii("{\"" + operation + "\":{\"_id\":");
    }

    private static byte[] action(byte[] opening, String id, byte[] ending) {
        byte[] quoted = quoted(id);
        byte[] line = Arrays.copyOf(opening, opening.length + quoted.length + ending.length);
        System.arraycopy(quoted, 0, line, opening.length, quoted.length);
        System.arraycopy(ending, 0, line, opening.length + quoted.length, ending.length);
        return line;
    }

    private static byte[] ending(long version, Optional<String> routing, Optional<String> pipeline) {
        var line = new ByteArrayOutputStream(128);
        line.writeBytes(ascii(",\"version\":" + version + ",\"version_type\":\"external_gte\",\"require_alias\":true"));
        routing.ifPresent(value -> field(line, ",\"routing\":", value));
        pipeline.ifPresent(value -> field(line, ",\"pipeline\":", value));
        line.writeBytes(ascii("}}"));
        return line.toByteArray();
    }

    private static void field(ByteArrayOutputStream line, String name, String value) {
        line.writeBytes(ascii(name));
        line.writeBytes(quoted(value));
    }

    private static byte[] quoted(String value) {
        byte[] text = JsonStringEncoder.getInstance().quoteAsUTF8(value);
        byte[] quoted = new byte[text.length + 2];
        System.arraycopy(text, 0, quoted, 1, text.length);
        quoted[0] = '"';
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The body of a request, with the guard if {@link #needsGuard} says so. */
    static byte[] body(List<BulkItem> items) {
        boolean guarded = needsGuard(items);
        int size = items.stream().mapToInt(BulkItem::size).sum() + (guarded ? GUARD.length : 0);
        byte[] body = new byte[size];
        int end = 0;
        for (BulkItem item : items) {
            end = line(body, end, item.action());
            if (!item.isDelete()) {
                int start = end;
                end = line(body, start, item.source());
                blankLineBreaks(body, start, end - 1);
            }
        }
        if (guarded) {
            System.arraycopy(GUARD, 0, body, end, GUARD.length);
        }
        return body;
    }

    /**
     * If the alias is missing, a request with only deletes would create an index of that name: the engine creates the
     * target of a delete with an external version, and respects {@code require_alias} only for other operations. An
     * update of a document that never exists makes the engine respect it for the whole request.
     */
    static boolean needsGuard(List<BulkItem> items) {
        return items.stream().allMatch(BulkItem::isDelete);
    }

    private static int line(byte[] body, int start, byte[] content) {
        System.arraycopy(content, 0, body, start, content.length);
        int end = start + content.length;
        body[end] = '\n';
        return end + 1;
    }

    /** Eight bytes at a time: there is seldom a line break in any of them. */
    private static void blankLineBreaks(byte[] body, int start, int end) {
        int at = start;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long eight = (long) LONGS.get(body, at);
            if ((zeros(eight ^ LINE_FEEDS) | zeros(eight ^ CARRIAGE_RETURNS)) != 0) {
                blankEachLineBreak(body, at, at + Long.BYTES);
            }
        }
        blankEachLineBreak(body, at, end);
    }

    /** Not zero if one of the bytes is zero. */
    private static long zeros(long bytes) {
        return bytes - ONES & ~bytes & HIGH_BITS;
    }

    private static void blankEachLineBreak(byte[] body, int start, int end) {
        for (int i = start; i < end; i++) {
            if (body[i] == '\n' || body[i] == '\r') {
                body[i] = ' ';
            }
        }
    }
}
