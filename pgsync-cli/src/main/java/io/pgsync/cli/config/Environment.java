package io.pgsync.cli.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a run: those of the process, and then those of the nearest {@code .env} file for names that the
 * process does not set. An empty value counts as not set.
 */
public final class Environment {
    private final Map<String, String> options;
    private final Map<String, String> process;
    private final Map<String, String> file;
    private final String fileName;

    private Environment(
            Map<String, String> options, Map<String, String> process, Map<String, String> file, String fileName) {
        this.options = Map.copyOf(options);
        this.process = Map.copyOf(process);
        this.file = Map.copyOf(file);
        this.fileName = fileName;
    }

    /**
     * The variables of the process, then the {@code .env} of {@code workingDirectory} or of its closest parent that has
     * one.
     */
    public static Environment load(Map<String, String> process, Path workingDirectory) {
        return DotEnv.find(workingDirectory)
                .map(found -> new Environment(Map.of(), process, DotEnv.read(found, process), found.toString()))
                .orElseGet(() -> of(process));
    }

    /** These variables and nothing else. */
    public static Environment of(Map<String, String> variables) {
        return new Environment(Map.of(), variables, Map.of(), "");
    }

    /** Adds the options of the command line, which override everything else; an empty value removes a variable. */
    public Environment withOptions(Map<String, String> variables) {
        var merged = new HashMap<>(options);
        merged.putAll(variables);
        return new Environment(merged, process, file, fileName);
    }

    public Optional<String> get(String name) {
        if (options.containsKey(name)) {
            return nonEmpty(options.get(name));
        }
        return nonEmpty(process.get(name)).or(() -> nonEmpty(file.get(name)));
    }

    /** True if the command line sets or removes the name. */
    boolean isOption(String name) {
        return options.containsKey(name);
    }

    /**
     * Where {@link #get} finds a name, in words for people: {@code command line}, {@code environment}, or the path of
     * the file.
     */
    public String originOf(String name) {
        if (options.containsKey(name)) {
            return "command line";
        }
        return nonEmpty(process.get(name)).isPresent() ? "environment" : fileName;
    }

    /** The names of every variable that is set. */
    public SortedSet<String> names() {
        var names = new TreeSet<>(process.keySet());
        names.addAll(options.keySet());
        names.addAll(file.keySet());
        names.removeIf(name -> get(name).isEmpty());
        return names;
    }

    /** Every variable that is set, with what {@link #get} gives. */
    Map<String, String> all() {
        return names().stream()
                .collect(Collectors.toMap(name -> name, name -> get(name).orElseThrow()));
    }

    private static Optional<String> nonEmpty(@Nullable String value) {
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }
}
