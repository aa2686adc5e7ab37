package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.EmbeddedServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Finds a Java for a server: that of this process if it fits, otherwise one that is installed beside it. */
final class JavaHome {
    private static final Path OWN = Path.of(System.getProperty("java.home"));

    private JavaHome() {}

    /** The directory of the first one that fits; throws if there is none. */
    static Path of(EngineFamily family, String version) {
        return of(family, version, candidates());
    }

    static Path of(EngineFamily family, String version, Stream<Path> candidates) {
        JavaVersions wanted = family.java(version);
        return candidates
                .filter(home -> major(home).filter(wanted::contain).isPresent())
                .findFirst()
                .orElseThrow(() -> new EmbeddedServerException(
                        "%s %s runs on Java %s, and there is none: this one, %s, is %d. Install one beside it, or name its directory in JAVA_HOME"
                                .formatted(
                                        family.label(),
                                        version,
                                        wanted,
                                        OWN,
                                        Runtime.version().feature())));
    }

    private static Stream<Path> candidates() {
        Stream<Path> named = Stream.ofNullable(System.getenv("JAVA_HOME")).map(Path::of);
        return Stream.concat(Stream.concat(Stream.of(OWN), named), besides());
    }

    private static Stream<Path> besides() {
        try (Stream<Path> installed = Files.list(OWN.resolveSibling("."))) {
            return installed.sorted().toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Every Java since 9 has its version in the file {@code release}. */
    private static Optional<Integer> major(Path home) {
        var release = new Properties();
        try (var file = Files.newBufferedReader(home.resolve("release"))) {
            release.load(file);
            String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
            return Optional.of(Runtime.Version.parse(version).feature());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
