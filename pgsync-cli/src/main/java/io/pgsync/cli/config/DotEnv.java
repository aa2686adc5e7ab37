package io.pgsync.cli.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@code .env} file in the dialect of python-dotenv: {@code export} in front, single or double quotes (also over several lines),
 * comments, and {@code ${NAME}} or <code>${NAME:-default}</code> in any value. A line that is none of these is reported and skipped.
 */
final class DotEnv {
    private static final Logger log = LoggerFactory.getLogger(DotEnv.class);

    private static final Pattern STATEMENT = Pattern.compile("""
            (?x)
            \\G \\h* (?:export\\h+)? ([A-Za-z_][A-Za-z0-9_.]*) \\h*
            (?: = \\h* (?: '((?:\\\\.|[^'\\\\])*)' | "((?:\\\\.|[^"\\\\])*)" | ([^'"\\r\\n][^\\r\\n]*|) ) )?
            \\h* (?:\\#[^\\r\\n]*)? (?:\\r?\\n|\\r|\\z)
            """, Pattern.DOTALL);
    private static final Pattern BLANK_LINE = Pattern.compile("\\G\\h*(?:#[^\\r\\n]*)?(?:\\r?\\n|\\r|\\z)");
    private static final Pattern ANY_LINE = Pattern.compile("\\G[^\\r\\n]*(?:\\r?\\n|\\r|\\z)");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}:]*)(?::-([^}]*))?}");
    private static final Pattern COMMENT_BEHIND_VALUE = Pattern.compile("(?:^|\\s+)#.*$");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)", Pattern.DOTALL);

    private final Path file;
    private final String text;
    private final Map<String, String> process;
    private final Map<String, String> values = new LinkedHashMap<>();

    private DotEnv(Path file, String text, Map<String, String> process) {
        this.file = file;
        this.text = text;
        this.process = process;
    }

    /** The nearest {@code .env}: in {@code directory}, otherwise in its closest parent that has one. */
    static Optional<Path> find(Path directory) {
        for (Path place = directory.toAbsolutePath().normalize(); place != null; place = place.getParent()) {
            Path candidate = place.resolve(".env");
            if (Files.isRegularFile(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * The variables of a file, in its order. A reference is looked up in {@code process} first, then in the lines above
     * it.
     */
    static Map<String, String> read(Path file, Map<String, String> process) {
        try {
            return parse(file, Files.readString(file), process);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static Map<String, String> parse(Path file, String text, Map<String, String> process) {
        return new DotEnv(file, text, process).parse();
    }

    private Map<String, String> parse() {
        int position = 0;
        while (position < text.length()) {
            position = parseLine(position);
        }
        return values;
    }

    private int parseLine(int from) {
        Matcher blank = BLANK_LINE.matcher(text);
        if (blank.find(from)) {
            return blank.end();
        }
        Matcher statement = STATEMENT.matcher(text);
        if (statement.find(from)) {
            valueOf(statement).ifPresent(value -> values.put(statement.group(1), interpolate(value)));
            return statement.end();
        }
        log.warn("{} line {} is not of the form NAME=value and is skipped", file, lineNumber(from));
        Matcher line = ANY_LINE.matcher(text);
        return line.find(from) ? line.end() : text.length();
    }

    private static Optional<String> valueOf(Matcher statement) {
        if (statement.group(2) != null) {
            return Optional.of(ESCAPE.matcher(statement.group(2)).replaceAll(DotEnv::unescapeSingleQuoted));
        }
        if (statement.group(3) != null) {
            return Optional.of(ESCAPE.matcher(statement.group(3)).replaceAll(DotEnv::unescapeDoubleQuoted));
        }
        return Optional.ofNullable(statement.group(4))
                .map(bare -> COMMENT_BEHIND_VALUE.matcher(bare).replaceFirst("").strip());
    }

    private static String unescapeSingleQuoted(MatchResult escape) {
        String character = escape.group(1);
        return Matcher.quoteReplacement(character.equals("\\") || character.equals("'") ? character : escape.group());
    }

    private static String unescapeDoubleQuoted(MatchResult escape) {
        return Matcher.quoteReplacement(
                switch (escape.group(1)) {
                    case "n" -> "\n";
                    case "r" -> "\r";
                    case "t" -> "\t";
                    case "\\", "'", "\"" -> escape.group(1);
                    default -> escape.group();
                });
    }

    private String interpolate(String value) {
        return REFERENCE.matcher(value).replaceAll(reference -> {
            String name = reference.group(1);
            String fallback = Optional.ofNullable(reference.group(2)).orElse("");
            return Matcher.quoteReplacement(process.getOrDefault(name, values.getOrDefault(name, fallback)));
        });
    }

    private long lineNumber(int position) {
        return 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
    }
}
