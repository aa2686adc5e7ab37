package io.pgsync.elasticsearch.bulk;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.pgsync.core.document.DocumentChange;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Writes changes as bulk actions. Documents are copied and never parsed. Only their line breaks are removed: in valid
 * JSON they are insignificant white space, but they would break the framing.
 */
final class BulkEncoder {
    private static final byte[] GUARD =
            ascii("{\"update\":{\"_id\":\"pgsync\",\"routing\":\"pgsync\",\"require_alias\":true}}\n{\"doc\":{}}\n");

    private final Optional<String> pipeline;

    BulkEncoder(Optional<String> pipeline) {
        this.pipeline = pipeline;
    }

    BulkItem item(DocumentChange change, long version) {
        if (change instanceof DocumentChange.Upsert upsert) {
            return BulkItem.decisive(change, action("index", change.id(), version, upsert.routing(), pipeline));
        }
        return BulkItem.decisive(change, action("delete", change.id(), version, Optional.empty(), Optional.empty()));
    }

    BulkItem delete(DocumentChange.Delete change, long version, String routing) {
        return BulkItem.decisive(
                change, action("delete", change.id(), version, Optional.of(routing), Optional.empty()));
    }

    BulkItem tombstone(DocumentChange change, long version, String routing) {
        return BulkItem.tombstone(
                change, action("delete", change.id(), version, Optional.of(routing), Optional.empty()));
    }

    private static byte[] action(
            String operation, String id, long version, Optional<String> routing, Optional<String> pipeline) {
        var line = new ByteArrayOutputStream(128 + id.length());
        line.writeBytes(ascii("{\"" + operation + "\":{\"_id\":"));
        quote(line, id);
        line.writeBytes(ascii(",\"version\":" + version + ",\"version_type\":\"external_gte\",\"require_alias\":true"));
        routing.ifPresent(value -> field(line, ",\"routing\":", value));
        pipeline.ifPresent(value -> field(line, ",\"pipeline\":", value));
        line.writeBytes(ascii("}}"));
        return line.toByteArray();
    }

    private static void field(ByteArrayOutputStream line, String name, String value) {
        line.writeBytes(ascii(name));
        quote(line, value);
    }

    private static void quote(ByteArrayOutputStream line, String value) {
        line.write('"');
        line.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(value));
        line.write('"');
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

    private static void blankLineBreaks(byte[] body, int start, int end) {
        for (int i = start; i < end; i++) {
            if (body[i] == '\n' || body[i] == '\r') {
                body[i] = ' ';
            }
        }
    }
}
