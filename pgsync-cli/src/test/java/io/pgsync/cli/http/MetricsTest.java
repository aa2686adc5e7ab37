package io.pgsync.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.runtime.report.RunFigures.IndexFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^(pgsync_\\w+?)(?:_count|_sum|_max)?(?:\\{(.*)})? \\S+$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(pgsync_\\w+)` \\| ([a-z, ]*)\\|");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    @Test
    void theGuideNamesThemAllAndTheirLabels() throws IOException {
        var metrics = new Metrics(
                List.of(new FixedDatabase("bookshop", true, new IndexFigures(1, 0, 0, 1, 1, true, Optional.empty()))));
        metrics.waits().record(Duration.ofMillis(1));

        var measured = new TreeMap<String, TreeSet<String>>();
        SAMPLE.matcher(metrics.scrape())
                .results()
                .forEach(sample -> measured.computeIfAbsent(sample.group(1), name -> new TreeSet<>())
                        .addAll(labels(Optional.ofNullable(sample.group(2)).orElse(""))));

        assertThat(documented()).isEqualTo(measured);
    }

    private static List<String> labels(String text) {
        return LABEL.matcher(text).results().map(label -> label.group(1)).toList();
    }

    private static Map<String, TreeSet<String>> documented() throws IOException {
        var names = new TreeMap<String, TreeSet<String>>();
        ROW.matcher(Files.readString(Path.of("../docs/guide/operations.md")))
                .results()
                .forEach(row -> names.put(
                        row.group(1),
                        Stream.of(row.group(2).strip().split(", "))
                                .filter(label -> !label.isEmpty())
                                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll)));
        return names;
    }
}
