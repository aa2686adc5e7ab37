package io.pgsync.core.document;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaDocument;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.tree.DocumentTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The plugins that were found, one object each for the whole run. Closing it closes their jars. */
public final class Plugins implements AutoCloseable {
    /** For schema files that list no plugins. */
    public static final Plugins NONE = of();

    private final Map<String, DocumentPlugin> byName = new TreeMap<>();
    private final Optional<URLClassLoader> jars;

    private Plugins(Iterable<DocumentPlugin> found, Optional<URLClassLoader> jars) {
        this.jars = jars;
        found.forEach(this::add);
    }

    /** These objects, under their own names. Fails if two have the same name. */
    public static Plugins of(DocumentPlugin... plugins) {
        return new Plugins(Arrays.asList(plugins), Optional.empty());
    }

    /**
     * The services on the class path and, if a directory is given, in its jars. The jars see the classes of pgsync and
     * of each other.
     *
     * @throws SyncException if the directory cannot be read, a plugin cannot be loaded, or two have the same name
     */
    public static Plugins find(Optional<Path> directory) {
        Optional<URLClassLoader> jars = directory.map(Plugins::jarsOf);
        ClassLoader loader = jars.<ClassLoader>map(found -> found).orElse(Plugins.class.getClassLoader());
        try {
            return new Plugins(ServiceLoader.load(DocumentPlugin.class, loader), jars);
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new SyncException(
                    Remedy.STOP,
                    "A plugin cannot be loaded: " + e.getMessage()
                            + ". Check its META-INF/services file, and that its jar was built for this Java and this pgsync.",
                    e);
        }
    }

    private static URLClassLoader jarsOf(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            URL[] jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(Plugins::url)
                    .toArray(URL[]::new);
            return new URLClassLoader("pgsync-plugins", jars, Plugins.class.getClassLoader());
        } catch (IOException e) {
            throw new SyncException(
                    Remedy.STOP,
                    "The plugin directory " + directory + " cannot be read (" + e
                            + "). It must be a directory of jars.",
                    e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(DocumentPlugin plugin) {
        DocumentPlugin other = byName.putIfAbsent(plugin.name(), plugin);
        if (other != null) {
            throw new SyncException(
                    Remedy.STOP,
                    "Two plugins are called \"%s\": %s and %s. Remove or rename one."
                            .formatted(
                                    plugin.name(),
                                    other.getClass().getName(),
                                    plugin.getClass().getName()));
        }
    }

    /**
     * Fails unless every plugin that the file lists was found.
     *
     * @throws SchemaException with all missing plugins
     */
    public void check(SchemaFile file) {
        var problems = new ArrayList<SchemaProblem>();
        for (SchemaDocument document : file.documents()) {
            for (int i = 0; i < document.plugins().size(); i++) {
                String name = document.plugins().get(i);
                if (!byName.containsKey(name)) {
                    problems.add(new SchemaProblem(document.pointer() + "/plugins/" + i, missing(name)));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new SchemaException(file.source(), problems);
        }
    }

    private String missing(String name) {
        String found = byName.isEmpty() ? "none was found" : "found are " + String.join(", ", byName.keySet());
        return "there is no plugin \"%s\"; %s. Put its jar into the plugin directory".formatted(name, found);
    }

    /** The plugins of a checked tree. */
    PluginChain of(DocumentTree tree) {
        return new PluginChain(tree.plugins().stream().map(this::named).toList());
    }

    private DocumentPlugin named(String name) {
        return Optional.ofNullable(byName.get(name)).orElseThrow(() -> new IllegalArgumentException(missing(name)));
    }

    @Override
    public void close() {
        jars.ifPresent(loader -> {
            try {
                loader.close();
            } catch (IOException e) {
                throw new UncheckedIOException("The jars of the plugins cannot be closed", e);
            }
        });
    }
}
