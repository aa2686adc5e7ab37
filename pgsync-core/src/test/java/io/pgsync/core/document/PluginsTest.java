package io.pgsync.core.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
    @TempDir
    private Path directory;

    @Test
    void aJarOfTheDirectoryBringsItsPlugins() throws IOException {
        writeJar("stars.jar", Stars.class.getName());

        try (Plugins plugins = Plugins.find(Optional.of(directory))) {
            assertThatCode(() -> plugins.check(listing("Stars"))).doesNotThrowAnyException();
        }
    }

    @Test
    void unknownNamesAreAllReportedWithWhatWasFound() {
        try (Plugins plugins = Plugins.of(new Stars())) {
            assertThatThrownBy(() -> plugins.check(listing("Star", "Stars", "Moon")))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("/0/plugins/0: there is no plugin \"Star\"; found are Stars")
                    .hasMessageContaining("/0/plugins/2: there is no plugin \"Moon\"");
        }
    }

    @Test
    void twoPluginsOfOneNameAreAnError() {
        assertThatThrownBy(() -> Plugins.of(new Stars(), new Stars()))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("\"Stars\"")
                .hasMessageContaining(Stars.class.getName());
    }

    @Test
    void aDirectoryThatIsNoneIsNamed() {
        assertThatThrownBy(() -> Plugins.find(Optional.of(directory.resolve("absent"))))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void aServiceFileThatNamesNoPluginSaysWhatToCheck() throws IOException {
        writeJar("broken.jar", "com.example.Missing");

        assertThatThrownBy(() -> Plugins.find(Optional.of(directory)))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("com.example.Missing")
                .hasMessageContaining("META-INF/services");
    }

    private void writeJar(String name, String provider) throws IOException {
        try (var jar = new JarOutputStream(Files.newOutputStream(directory.resolve(name)))) {
            jar.putNextEntry(new JarEntry("META-INF/services/" + DocumentPlugin.class.getName()));
            jar.write(provider.getBytes(UTF_8));
        }
    }

    private static SchemaFile listing(String... names) {
        String json = "[{\"database\": \"shop\", \"plugins\": [\"%s\"], \"nodes\": {\"table\": \"book\"}}]"
                .formatted(String.join("\", \"", names));
        return SchemaReader.read("schema.json", json.getBytes(UTF_8), Map.of());
    }

    /** A plugin as a user writes it. */
    public static final class Stars implements DocumentPlugin {
        @Override
        public String name() {
            return "Stars";
        }

        @Override
        public Optional<ObjectNode> transform(Draft draft) {
            return Optional.of(draft.document().put("stars", 5));
        }
    }
}
