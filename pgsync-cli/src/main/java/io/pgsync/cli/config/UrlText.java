package io.pgsync.cli.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Handles URLs as text, before or without a successful parse. */
public final class UrlText {
    // People write raw passwords with an @, a slash or a question mark in them. So the password ends at the last @ of
    // its URL; a list may hold several URLs.
    private static final Pattern PASSWORD = Pattern.compile("(?<=://)([^/?#:]*):(?:(?!,\\w+://).)*@", Pattern.DOTALL);
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("([?&]password=)[^&#]*");
    private static final Pattern QUERY = Pattern.compile("\\?.*", Pattern.DOTALL);

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][\\w+.-]*:/{1,2}");
    private static final Pattern HOST = Pattern.compile("[\\w.:-]+");

    private UrlText() {}

    /** An address as people may see it: the query of a signed one grants the right to read. */
    public static String withoutSecrets(String url) {
        return QUERY.matcher(withoutPassword(url)).replaceFirst("?...");
    }

    static String withoutPassword(String url) {
        String masked = PASSWORD.matcher(url).replaceAll("$1:********@");
        return PASSWORD_PARAMETER.matcher(masked).replaceAll("$1********");
    }

    /**
     * The parts of an unparsable URL that cannot be the password: the text before the first colon, and the host after
     * the last @. Nobody can tell where an unescaped password ends.
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

    /** Undoes percent-encoding; unlike in a form, a plus sign stays a plus sign. */
    static String decode(String encoded) {
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
