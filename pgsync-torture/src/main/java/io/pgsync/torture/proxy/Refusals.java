package io.pgsync.torture.proxy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Counts how often Elasticsearch said that it was busy, or a request too large. Safe from any thread. */
public final class Refusals {
    private static final Pattern BUSY = Pattern.compile("HTTP/1\\.1 429|\"status\":429");
    private static final Pattern TOO_LARGE = Pattern.compile("HTTP/1\\.1 413");

    private final LongAdder busy = new LongAdder();
    private final LongAdder tooLarge = new LongAdder();

    /** Bytes on their way from the server. */
    public void overhear(byte[] buffer, int length) {
        var text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        busy.add(BUSY.matcher(text).results().count());
        tooLarge.add(TOO_LARGE.matcher(text).results().count());
    }

    @Override
    public String toString() {
        return "429: %d, 413: %d".formatted(busy.sum(), tooLarge.sum());
    }
}
