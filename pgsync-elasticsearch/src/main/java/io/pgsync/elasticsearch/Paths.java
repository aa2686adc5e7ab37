package io.pgsync.elasticsearch;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Paths of requests. */
public final class Paths {
    private Paths() {}

    /** {@code /index}, encoded for a URL. */
    public static String index(String index) {
        return "/" + encode(index);
    }

    /** {@code /index/_doc/id}, encoded for a URL. */
    public static String document(String index, String id) {
        return index(index) + "/_doc/" + encode(id);
    }

    /** URLEncoder encodes for forms, where a space becomes a plus sign. */
    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
