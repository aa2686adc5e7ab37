package io.pgsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A table of docs/guide/settings.md between two comments that name it. Tests say what it must be; {@code -Dpgsync.guide=write} writes it.
 */
public record GuideTable(String name) {
    private static final Path GUIDE = Path.of("../docs/guide/settings.md");

    /** A row of cells. */
    public static String row(String... cells) {
        return "| " + String.join(" | ", cells).replace("\n", " ") + " |";
    }

    public void mustBe(List<String> rows) throws IOException {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- end of " + name + " -->\n";
        String guide = Files.readString(GUIDE);
        int from = guide.indexOf(begin) + begin.length();
        int to = guide.indexOf(end);
        String expected = String.join("\n", rows) + "\n";
        if ("write".equals(System.getProperty("pgsync.guide"))) {
            Files.writeString(GUIDE, guide.substring(0, from) + expected + guide.substring(to));
        } else {
            assertThat(guide.substring(from, to)).isEqualTo(expected);
        }
    }
}
