package io.pgsync.core.refusal;

import io.pgsync.core.sink.WriteOutcome.Refused;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Finds the field that the engine's reason names. */
final class RefusedPath {
    /** The engine's wordings; a field stands before any value that the reason quotes. */
    private static final Pattern FIELD = Pattern.compile("failed to parse field \\[([^\\]]+)]"
            + "|object mapping for \\[([^\\]]+)]"
            + "|immense term in field=\"([^\"]+)\""
            + "|mapper \\[([^\\]]+)] cannot be changed"
            + "|can't merge a non[- ](?:object|nested) mapping \\[([^\\]]+)]");
    /** A new field, and the object that takes none. */
    private static final Pattern STRICT =
            Pattern.compile("dynamic introduction of \\[([^\\]]+)] within \\[([^\\]]+)] is not allowed");

    private static final String DOCUMENT = "_doc";

    private RefusedPath() {}

    /** Empty if the engine was not asked: a plugin or a function of the database may use the same words for anything. */
    static Optional<String> of(Refused refused) {
        if (refused.status() == 0) {
            return Optional.empty();
        }
        Matcher strict = STRICT.matcher(refused.reason());
        if (strict.find()) {
            return Optional.of(
                    strict.group(2).equals(DOCUMENT) ? strict.group(1) : strict.group(2) + "." + strict.group(1));
        }
        Matcher field = FIELD.matcher(refused.reason());
        return field.find()
                ? IntStream.rangeClosed(1, field.groupCount())
                        .mapToObj(field::group)
                        .flatMap(name -> Optional.ofNullable(name).stream())
                        .findFirst()
                : Optional.empty();
    }
}
