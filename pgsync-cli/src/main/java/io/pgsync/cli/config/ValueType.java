package io.pgsync.cli.config;

import io.pgsync.replication.connection.SslMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the text of a setting is read; the spellings are those of PGSync. */
public enum ValueType {
    TEXT,
    /** Text that is never shown. */
    SECRET,
    /** A URL, shown without its password. */
    URL,
    /** A URL that may be signed: shown without its query too. */
    SIGNED_URL,
    INTEGER,
    /** A TCP port. */
    PORT,
    /** Seconds, possibly with a fraction. */
    SECONDS,
    /** A size: bytes, or with kB, MB, GB or TB, which are powers of 1024 as in PostgreSQL. */
    BYTES,
    /** A whole number from 1 to 100, with or without a percent sign. */
    PERCENT,
    /** A percentage in an hour or a day, as {@code 1%/h}; or 0. */
    PERCENT_PER_TIME,
    FLAG,
    /** Separated by commas. */
    LIST,
    /** A file that must exist. */
    FILE,
    SSL_MODE;

    private static final Set<String> TRUE = Set.of("t", "true", "on", "y", "yes", "1");
    private static final Set<String> FALSE = Set.of("f", "false", "off", "n", "no", "0");

    private static final Pattern SIZE = Pattern.compile("0*([1-9]\\d{0,8}) ?([kmgt]?)b?", Pattern.CASE_INSENSITIVE);

    private static final Pattern SHARE = Pattern.compile("0|(\\d{1,3}(?:\\.\\d{1,6})?)%/([hd])");

    /** What is wrong with a value, in words that complete "NAME …"; empty for a valid one. */
    Optional<String> problemWith(String value) {
        return switch (this) {
            case TEXT, SECRET, LIST, URL, SIGNED_URL -> Optional.empty();
            case INTEGER -> when(!value.strip().matches("0*[1-9]\\d{0,8}"), "must be a whole number above 0");
            case PORT -> when(!isPort(value.strip()), "must be a port, 1 to 65535");
            case SECONDS -> when(!value.strip().matches("\\d{1,9}(\\.\\d*)?|\\.\\d+"), "must be a number of seconds");
            case BYTES ->
                when(
                        !SIZE.matcher(value.strip()).matches(),
                        "must be a size above 0, in bytes or with kB, MB, GB or TB");
            case PERCENT -> when(!value.strip().matches("0*([1-9]\\d?|100) ?%?"), "must be a percentage from 1 to 100");
            case PERCENT_PER_TIME ->
                when(
                        !SHARE.matcher(value.strip()).matches(),
                        "must be a percentage in an hour or a day, as 1%/h or 10%/d, or 0 for nothing");
            case FLAG -> when(!isFlag(value), "must be true or false");
            case FILE -> when(!Files.isReadable(Path.of(value)), "must name a file that exists and can be read");
            case SSL_MODE -> sslModeProblem(value);
        };
    }

    /** A value as people may see it. */
    String masked(String value) {
        return switch (this) {
            case SECRET -> "********";
            case URL -> UrlText.withoutPassword(value);
            case SIGNED_URL -> UrlText.withoutSecrets(value);
            default -> value;
        };
    }

    static boolean flag(String value) {
        return TRUE.contains(value.toLowerCase(Locale.ROOT));
    }

    static Duration seconds(String value) {
        return Duration.ofNanos(Math.round(Double.parseDouble(value) * 1e9));
    }

    static long bytes(String value) {
        Matcher size = SIZE.matcher(value.strip());
        if (!size.matches()) {
            throw new IllegalArgumentException("Not a size: " + value);
        }
        String unit = size.group(2).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : 1 + "kmgt".indexOf(unit);
        return Long.parseLong(size.group(1)) << (10 * power);
    }

    static int percent(String value) {
        return Integer.parseInt(value.strip().replaceFirst(" ?%$", ""));
    }

    /** 0.01 for {@code 1%/h}. */
    static double sharePerHour(String value) {
        Matcher share = SHARE.matcher(value.strip());
        if (!share.matches()) {
            throw new IllegalArgumentException("Not a share in a time: " + value);
        }
        return share.group(1) == null
                ? 0
                : Double.parseDouble(share.group(1)) / 100 / (share.group(2).equals("d") ? 24 : 1);
    }

    static List<String> list(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Optional<String> sslModeProblem(String value) {
        try {
            SslMode.parse(value.toLowerCase(Locale.ROOT));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("must be one of disable, allow, prefer, require, verify-ca, verify-full");
        }
    }

    private static boolean isPort(String value) {
        return value.matches("0*[1-9]\\d{0,4}") && Integer.parseInt(value) <= 65_535;
    }

    private static boolean isFlag(String value) {
        String folded = value.toLowerCase(Locale.ROOT);
        return TRUE.contains(folded) || FALSE.contains(folded);
    }

    private static Optional<String> when(boolean wrong, String problem) {
        return wrong ? Optional.of(problem) : Optional.empty();
    }
}
