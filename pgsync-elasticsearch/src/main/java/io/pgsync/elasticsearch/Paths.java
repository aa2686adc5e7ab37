package io.pgsync.elasticsearch;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Paths of raw requests. */
final class Paths {
    private Paths() {}

    static String index(String index) {
        return "/" + URLEncoder.encode(index, StandardCharsets.UTF_8);
    }
}
