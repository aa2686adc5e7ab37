package io.pgsync.cli.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What settings do with URLs as text, before or without a successful parse. */
final class UrlText {
    // The password ends at the last @ before the path: people write raw passwords with an @ in them.
    private static final Pattern PASSWORD = Pattern.compile("(?<=://)([^/?#:]*):[^/?#]*@");
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("([?&]password=)[^&#]*");

    private UrlText() {}

    static String withoutPassword(String url) {
        String masked = PASSWORD.matcher(url).replaceAll("$1:********@");
        return PASSWORD_PARAMETER.matcher(masked).replaceAll("$1********");
    }

    /** Undoes percent-encoding; a plus sign stays one, unlike in a form. */
    static String decode(String encoded) {
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
