package io.pgsync.embedded.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.embedded.EmbeddedServerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaHomeTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "ELASTICSEARCH, 8.19.21, first-17",
        "ELASTICSEARCH, 9.5.3, second-25",
        "OPENSEARCH, 2.19.3, first-17",
        "OPENSEARCH, 3.6.0, second-25"
    })
    void takesTheFirstJavaThatRunsTheVersion(EngineFamily family, String version, String expected) throws Exception {
        var homes = List.of(home("first-17", "17.0.15"), directory.resolve("none"), home("second-25", "25"));

        assertThat(JavaHome.of(family, version, homes.stream()).getFileName()).hasToString(expected);
    }

    @Test
    void withoutOneItSaysWhichIsNeeded() throws Exception {
        Stream<Path> homes = Stream.of(home("new", "25.0.1"));

        assertThatThrownBy(() -> JavaHome.of(EngineFamily.OPENSEARCH, "2.19.3", homes))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("OpenSearch 2.19.3 runs on Java 11 to 23, and there is none")
                .hasMessageContaining("JAVA_HOME");
    }

    private Path home(String name, String version) throws Exception {
        Path home = Files.createDirectory(directory.resolve(name));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
