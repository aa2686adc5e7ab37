package io.pgsync.core.schema;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code $NAME} and {@code ${NAME}} by the value of a variable. Unknown names stay unchanged; {@code $$} is
 * one dollar.
 */
record Placeholders(Map<String, String> variables) {
    private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\$|([A-Za-z_]\\w*)|\\{([A-Za-z_]\\w*)})");

    Placeholders {
        variables = Map.copyOf(variables);
    }

    String substitute(String text) {
        return REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(valueOf(found)));
    }

    private String valueOf(MatchResult reference) {
        if (reference.group().equals("$$")) {
            return "$";
        }
        String name = reference.group(1) != null ? reference.group(1) : reference.group(2);
        return variables.getOrDefault(name, reference.group());
    }
}
