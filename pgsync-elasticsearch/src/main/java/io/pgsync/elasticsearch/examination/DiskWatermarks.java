package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.failure.Finding;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the cluster does about disks that fill up, from
 * {@code GET /_cluster/settings?include_defaults=true&flat_settings=true}.
 *
 * <p>Source: "Disk-based shard allocation settings" in Elasticsearch's manual.
 */
final class DiskWatermarks {
    private static final String PREFIX = "cluster.routing.allocation.disk.";
    private static final Pattern BYTES = Pattern.compile("(\\d+(?:\\.\\d+)?)([kmgtp]?)b");
    private static final String NOT_TOLD = "not told by the engine";
    private static final String REMEDY = "Free space, or add a node";

    private final JsonNode settings;

    DiskWatermarks(JsonNode settings) {
        this.settings = settings;
    }

    /** {@code node}: a node from {@code GET /_nodes/stats/fs}; hosting services leave out what they like. */
    Finding judge(JsonNode node) {
        String subject = "disk of " + node.path("name").asText("a node");
        JsonNode disk = node.path("fs").path("total");
        if (!disk.has("total_in_bytes") || !disk.has("available_in_bytes")) {
            return Finding.fine(subject, NOT_TOLD);
        }
        return judge(subject, disk);
    }

    /** The bytes that may be written to a node before no more shards are placed there; empty if nothing tells. */
    OptionalLong spare(JsonNode node) {
        JsonNode disk = node.path("fs").path("total");
        if (!disk.has("total_in_bytes") || !disk.has("available_in_bytes")) {
            return OptionalLong.empty();
        }
        boolean isWatched =
                !setting("threshold_enabled").equals("false") && !mark("low").isEmpty();
        double kept = isWatched ? least("low", disk.path("total_in_bytes").asDouble()) : 0;
        return OptionalLong.of(
                (long) Math.max(0, disk.path("available_in_bytes").asDouble() - kept));
    }

    private Finding judge(String subject, JsonNode disk) {
        double total = Math.max(1, disk.path("total_in_bytes").asDouble());
        double free = disk.path("available_in_bytes").asDouble();
        String state = Math.round(100 * (1 - free / total)) + " % used";
        if (setting("threshold_enabled").equals("false")) {
            return Finding.fine(subject, state + ", the cluster does not care");
        }
        if (marks().stream().allMatch(String::isEmpty)) {
            return Finding.fine(subject, state + ", watermarks " + NOT_TOLD);
        }
        if (free < least("flood_stage", total)) {
            return Finding.problem(
                    subject, state + ": beyond " + mark("flood_stage") + " indexes are read-only", REMEDY);
        }
        if (free < least("high", total)) {
            return Finding.warning(subject, state + ": beyond " + mark("high") + " shards are moved away", REMEDY);
        }
        return free < least("low", total)
                ? Finding.warning(subject, state + ": beyond " + mark("low") + " no new shards are placed", REMEDY)
                : Finding.fine(subject, state + ", watermarks " + String.join(", ", marks()));
    }

    private List<String> marks() {
        return Stream.of("low", "high", "flood_stage").map(this::mark).toList();
    }

    private String mark(String level) {
        return setting("watermark." + level);
    }

    /**
     * The bytes that must be free to stay below a watermark: a share of the disk, at most the headroom, or a fixed
     * size.
     */
    private double least(String level, double total) {
        String mark = mark(level);
        if (mark.endsWith("b")) {
            return bytes(mark);
        }
        double share = mark.endsWith("%")
                ? Double.parseDouble(mark.substring(0, mark.length() - 1)) / 100
                : mark.isEmpty() ? 1 : Double.parseDouble(mark);
        double headroom = bytes(setting("watermark." + level + ".max_headroom"));
        double least = (1 - share) * total;
        return headroom > 0 ? Math.min(least, headroom) : least;
    }

    /** Zero if the text is not a size: -1 means none. */
    private static double bytes(String text) {
        Matcher size = BYTES.matcher(text);
        if (!size.matches()) {
            return 0;
        }
        int power = size.group(2).isEmpty() ? 0 : 1 + "kmgtp".indexOf(size.group(2));
        return Double.parseDouble(size.group(1)) * Math.pow(1024, power);
    }

    /** Transient settings win over persistent ones, and these over defaults. */
    private String setting(String name) {
        return Stream.of("transient", "persistent", "defaults")
                .map(level -> settings.path(level).path(PREFIX + name).asText())
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("")
                .toLowerCase(Locale.ROOT);
    }
}
