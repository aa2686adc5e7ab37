package io.pgsync.runtime.follow;

import io.pgsync.core.sink.WriteOutcome.Rejected;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a document was refused, in words fit for a log, which more people may read than the documents. Reasons quote values ("Preview of field's
 * value: …"), and whoever wrote a function of the database or a plugin chose the words himself: those stay in the dead letters.
 */
final class RefusalText {
    /** As Elasticsearch begins the reason of a field that it cannot parse. */
    private static final Pattern FIELD = Pattern.compile("^failed to parse field \\[[^\\]]*] of type \\[[^\\]]*]");

    private RefusalText() {}

    static String of(Rejected refused) {
        Matcher field = FIELD.matcher(refused.reason());
        String place = field.find() ? ", " + field.group() : "";
        return refused.type() + place + ". The dead letter file has the reasons";
    }
}
