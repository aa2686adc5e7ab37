package io.pgsync.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTextTest {
    @TempDir
    Path directory;

    @Test
    void isWhatTheFileSaysAndKnowsWhatRepairsItsIndexes() throws IOException {
        Path file = Files.writeString(directory.resolve("schema.json"), "[]");

        SchemaText schema = SchemaText.of(file);

        assertThat(schema).isEqualTo(new SchemaText(file.toString(), false, "[]"));
        assertThat(schema.repair().of(List.of("books"))).contains("-c " + file, "--document books");
    }

    @Test
    void aFileThatIsNotThereIsForAPersonToMend() {
        refused(directory.resolve("none.json"), "does not exist");
    }

    @Test
    void soIsOneThatCannotBeRead() {
        refused(directory, "cannot be read");
    }

    private static void refused(Path file, String reason) {
        assertThatThrownBy(() -> SchemaText.of(file))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }
}
