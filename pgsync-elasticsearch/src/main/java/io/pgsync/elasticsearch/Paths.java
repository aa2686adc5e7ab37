package io.pgsync.elasticsearch;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Paths of raw requests. */
public final class Paths {
    private Paths() {}

    /** {@code /index}, encoded as a URL wants it. */
    public static String index(String index) {
        return "/" + URLEncoder.encode(index, StandardCharsets.UTF_8);
    }
}
