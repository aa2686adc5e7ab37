package io.pgsync.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.pipeline.PipelineSettings;
import io.pgsync.core.pipeline.PipelineSettings.Batch;
import io.pgsync.core.pipeline.PipelineSettings.Load;
import io.pgsync.core.pipeline.PipelineSettings.Window;
import io.pgsync.replication.stream.StreamSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md says what the code says. */
class ArchitecturePageTest {
    private static final Pattern NAME = Pattern.compile("`((?:[a-z]+\\.)*[A-Z][A-Za-z]+)(?:\\.[a-z]\\w*)?(?:\\(\\))?`");

    private final GuidePage page = GuidePage.of("ARCHITECTURE.md");

    @Test
    void theBoundsOfBuffersAreThoseOfTheSettings() {
        PipelineSettings settings = PipelineSettings.DEFAULT;
        Window window = settings.window();
        Batch batch = settings.batch();
        Load load = settings.backfill();

        assertThat(page.text())
                .contains(
                        "| WAL frames | %d MiB ".formatted(StreamSettings.DEFAULT_BUFFER_BYTES >> 20),
                        "| a window of changes | %,d events |".formatted(window.events()),
                        "| windows being resolved | %d |".formatted(window.inFlight()),
                        "| roots waiting to be read | %,d for each index and lane |".formatted(settings.pendingRoots()),
                        "| batches read and written | %d, of %,d roots or %d MiB |"
                                .formatted(batch.inFlight(), batch.roots(), batch.bytes() >> 20),
                        "| load | %d chunks of %,d roots |".formatted(load.readers(), load.chunk()),
                        "| refused roots remembered | %,d of an index".formatted(RefusedRoots.MOST));
    }

    @Test
    void everyClassThatItNamesIsWhereItSays() throws IOException {
        Set<String> types = types();

        assertThat(NAME.matcher(page.text()).results().map(ArchitecturePageTest::path))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(types).anyMatch(type -> ("/" + type).endsWith("/" + name)));
    }

    private static String path(MatchResult name) {
        return name.group(1).replace('.', '/');
    }

    /** Of all modules, as paths. */
    private static Set<String> types() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            List<Path> roots = modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList();
            return roots.stream().flatMap(ArchitecturePageTest::files).collect(Collectors.toSet());
        }
    }

    private static Stream<String> files(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".java"))
                    .map(file -> file.substring(0, file.length() - ".java".length()))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
