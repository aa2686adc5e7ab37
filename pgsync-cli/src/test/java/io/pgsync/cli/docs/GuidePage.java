package io.pgsync.cli.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page that users read, in parts that tests can run or compare. */
record GuidePage(Path file, String text) {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(\\w*)\\n(.*?)^ *```$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern MESSAGES = Pattern.compile("(?m)^\\| message \\|.*\\n\\|[-| ]+\\|\\n((?:\\|.*\\n)+)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    /** A fenced block. */
    record Block(String language, String text) {
        /** The statements of a shell block: continued lines joined, comments and empty lines left out. */
        List<String> commands() {
            return text.replace("\\\n", " ")
                    .lines()
                    .map(line -> line.replaceFirst("(^|\\s)#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    static GuidePage of(String file) {
        Path path = PROJECT.resolve(file);
        try {
            return new GuidePage(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** README and guide. */
    static List<GuidePage> all() throws IOException {
        try (Stream<Path> guide = Files.list(PROJECT.resolve("docs/guide"))) {
            return Stream.concat(Stream.of("README.md"), guide.sorted().map(page -> "docs/guide/" + page.getFileName()))
                    .map(GuidePage::of)
                    .toList();
        }
    }

    List<Block> blocks(String... languages) {
        return BLOCK.matcher(text)
                .results()
                .filter(found -> List.of(languages).contains(found.group(2)))
                .map(found -> new Block(found.group(2), found.group(3)))
                .toList();
    }

    /** The page without its blocks. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    List<String> links() {
        return LINK.matcher(prose()).results().map(found -> found.group(1)).toList();
    }

    /** The cells of the rows of the table whose header begins with {@code firstHeader}; code marks are removed. */
    List<List<String>> table(String firstHeader) {
        Matcher table = Pattern.compile("(?m)^\\| " + firstHeader + " \\|.*\\n\\|[-| ]+\\|\\n((?:\\|.*\\n)+)")
                .matcher(text);
        if (!table.find()) {
            throw new AssertionError("No table of " + firstHeader + " in " + file);
        }
        return table.group(1)
                .lines()
                .map(row -> Stream.of(row.substring(1, row.length() - 1).split("\\|"))
                        .map(cell -> cell.replace("`", "").strip())
                        .toList())
                .toList();
    }

    /** What the tables of messages quote: their first column. */
    List<String> messages() {
        return MESSAGES.matcher(text)
                .results()
                .flatMap(table -> table.group(1).lines())
                .map(row -> row.split("\\|")[1])
                .flatMap(cell -> CODE.matcher(cell).results())
                .map(found -> found.group(1))
                .toList();
    }

    /** Whether a heading has this anchor, as GitHub makes them. */
    boolean hasAnchor(String anchor) {
        return HEADING.matcher(text)
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
                .anyMatch(heading -> heading.replace(' ', '-').equals(anchor));
    }

    @Override
    public String toString() {
        return PROJECT.relativize(file).toString();
    }
}
