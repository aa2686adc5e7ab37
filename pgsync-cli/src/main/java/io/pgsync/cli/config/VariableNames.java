package io.pgsync.cli.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The libraries name a setting in words ("the slot name"), because a program sets it with a method. The command line
 * shows their messages with the variable added: "the slot name (PGSYNC_SLOT)".
 */
public final class VariableNames {
    private static final Map<String, String> BY_PHRASE = byPhrase();
    private static final Pattern PHRASE = Pattern.compile(BY_PHRASE.keySet().stream()
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "(?<!\\w)(?:", ")(?!\\w)")));

    private VariableNames() {}

    private static Map<String, String> byPhrase() {
        var names = new LinkedHashMap<String, String>();
        names.put("search engine's URL", named(Setting.ELASTICSEARCH_URL));
        names.put(
                "search engine's user and password",
                named(Setting.ELASTICSEARCH_USER) + ", " + named(Setting.ELASTICSEARCH_PASSWORD));
        names.put("CA certificate of the search engine", named(Setting.ELASTICSEARCH_CA_CERTS));
        names.put("certificate check of the search engine", named(Setting.ELASTICSEARCH_VERIFY_CERTS));
        names.put("region of signatures", named(Setting.ELASTICSEARCH_AWS_REGION));
        names.put("expected search engine", named(Setting.ELASTICSEARCH) + ", " + named(Setting.OPENSEARCH));
        names.put("slot name", named(Setting.PGSYNC_SLOT));
        names.put("publication name", named(Setting.PGSYNC_PUBLICATION));
        names.put("plugin directory", named(Setting.PGSYNC_PLUGIN_PATH));
        names.put("dead letter file", named(Setting.PGSYNC_DEAD_LETTERS));
        names.put("maximum document size", named(Setting.PGSYNC_MAX_DOCUMENT));
        names.put("WAL budget action", named(Setting.PGSYNC_WAL_BUDGET_ACTION));
        return names;
    }

    private static String named(Setting setting) {
        return setting.name();
    }

    /** The text, with the variable in brackets after each setting. */
    public static String addedTo(String message) {
        return PHRASE.matcher(message).replaceAll(found -> found.group() + " (" + BY_PHRASE.get(found.group()) + ")");
    }

    /** For the test that the libraries use each phrase. */
    static Iterable<String> phrases() {
        return BY_PHRASE.keySet();
    }
}
