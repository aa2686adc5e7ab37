package io.pgsync.cli.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The classes of the jar that runs need, or may need. Most of those in it are of libraries that pgsync uses a corner of. */
public final class UsedClasses {
    private static final String SUFFIX = ".class";
    private static final List<String> PACKAGES = List.of(
            "io/pgsync/",
            "ch/qos/logback/",
            "co/elastic/clients/json/",
            "co/elastic/clients/transport/",
            "co/elastic/clients/util/",
            "com/fasterxml/jackson/",
            "com/ongres/",
            "io/netty/bootstrap/",
            "io/netty/buffer/",
            "io/netty/channel/",
            "io/netty/handler/ssl/",
            "io/netty/resolver/",
            "io/netty/util/",
            "io/r2dbc/",
            "jakarta/json/",
            "org/apache/hc/",
            "org/reactivestreams/",
            "org/slf4j/",
            "picocli/",
            "reactor/");

    private UsedClasses() {}

    /** Has Java load them, and run nothing of them; says how many there are. */
    public static int load(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            return (int) file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(SUFFIX))
                    .filter(name -> PACKAGES.stream().anyMatch(name::startsWith))
                    .map(name ->
                            name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'))
                    .filter(UsedClasses::isLoaded)
                    .count();
        }
    }

    private static boolean isLoaded(String name) {
        try {
            Class.forName(name, false, UsedClasses.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            // It serves a library that is not there.
            return false;
        }
    }
}
