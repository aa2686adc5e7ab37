package io.pgsync.runtime.follow;

import io.pgsync.core.sink.WriteOutcome.Refused;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a document was refused, in words for the log. More people may read the log than the documents, and reasons quote
 * values ("Preview of field's value: …"). Messages of database functions and plugins may say anything. Both stay in the
 * dead letter file.
 */
final class RefusalText {
    /** How the engine begins the reason if it cannot parse a field; newer versions put line and column before it. */
    private static final Pattern FIELD =
            Pattern.compile("^(?:\\[\\d+:\\d+] )?(failed to parse field \\[[^\\]]*] of type \\[[^\\]]*])");

    private RefusalText() {}

    static String of(Refused refused) {
        Matcher field = FIELD.matcher(refused.reason());
        String place = field.find() ? ", " + field.group(1) : "";
        return refused.type() + place + ". The dead letter file has the reasons";
    }
}
