package io.pgsync.core.refusal;

import io.pgsync.core.sink.WriteOutcome.Refused;
import java.time.Instant;
import java.util.Optional;

/**
 * Why the engine does not have a document as its rows are. Holds nothing of the document but what the reason quotes,
 * and long texts are cut.
 *
 * @param status the engine's, or 0 if it was not asked
 * @param type the class of the failure, a word of the engine's or ours
 * @param path the field that the reason names
 * @param since when this record began
 * @param last when the document was last refused
 * @param times how often it was refused since the record began
 */
public record Refusal(
        String id,
        int status,
        String type,
        String reason,
        Optional<String> path,
        Instant since,
        Instant last,
        long times) {
    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_NAME = 200;
    /** The names of the fields, and the parts of a fixed length. */
    private static final int FRAME = 150;

    public Refusal {
        type = cut(type, LONGEST_NAME);
        reason = cut(reason, LONGEST_REASON);
        path = path.map(name -> cut(name, LONGEST_NAME));
    }

    static Refusal first(Refused refused, Instant now) {
        return new Refusal(
                refused.change().id(),
                refused.status(),
                refused.type(),
                refused.reason(),
                RefusedPath.of(refused),
                now,
                now,
                1);
    }

    /** The same document, refused once more; the newer reason counts. */
    Refusal again(Refused refused, Instant now) {
        Refusal newer = first(refused, now);
        return new Refusal(id, newer.status, newer.type, newer.reason, newer.path, since, now, times + 1);
    }

    /** About how many characters it takes in a document of the engine. */
    int size() {
        return FRAME
                + id.length()
                + type.length()
                + reason.length()
                + path.map(String::length).orElse(0);
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 2)) ? longest - 2 : longest - 1;
        return text.substring(0, end) + "…";
    }
}
