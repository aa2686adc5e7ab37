package io.pgsync.cli.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is done with URLs as text, before or without a successful parse. */
public final class UrlText {
    // The password ends at the last @ of its URL, of which a list may hold several: people write raw passwords with an
    // @, a slash or a question mark in them.
    private static final Pattern PASSWORD = Pattern.compile("(?<=://)([^/?#:]*):(?:(?!,\\w+://).)*@", Pattern.DOTALL);
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("([?&]password=)[^&#]*");
    private static final Pattern QUERY = Pattern.compile("\\?.*", Pattern.DOTALL);

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][\\w+.-]*:/{1,2}");
    private static final Pattern HOST = Pattern.compile("[\\w.:-]+");

    private UrlText() {}

    /** An address as people may see it: signed ones carry the right to read in their query. */
    public static String withoutSecrets(String url) {
        return QUERY.matcher(withoutPassword(url)).replaceFirst("?...");
    }

    static String withoutPassword(String url) {
        String masked = PASSWORD.matcher(url).replaceAll("$1:********@");
        return PASSWORD_PARAMETER.matcher(masked).replaceAll("$1********");
    }

    /**
     * As much of a URL that cannot be parsed as is surely no password: what stands before the first colon, and the host behind the last @. Where an
     * unescaped password ends is anybody's guess.
     */
    static String refused(String url) {
        Matcher scheme = SCHEME.matcher(url);
        String start = scheme.lookingAt() ? scheme.group() : "";
        String rest = url.substring(start.length());
        int colon = rest.indexOf(':');
        int at = rest.lastIndexOf('@');
        if (colon < 0) {
            return QUERY.matcher(url).replaceFirst("?...");
        }
        Matcher host = HOST.matcher(rest.substring(at + 1));
        return start + rest.substring(0, colon) + ":********"
                + (at > colon && host.lookingAt() ? "@" + host.group() : "");
    }

    /** Undoes percent-encoding; a plus sign stays one, unlike in a form. */
    static String decode(String encoded) {
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
