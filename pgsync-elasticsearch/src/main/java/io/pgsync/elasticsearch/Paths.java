package io.pgsync.elasticsearch;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Paths of raw requests. */
public final class Paths {
    private Paths() {}

    /** {@code /index}, encoded for a URL. */
    public static String index(String index) {
        return "/" + URLEncoder.encode(index, StandardCharsets.UTF_8);
    }
}
