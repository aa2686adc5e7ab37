package io.pgsync.embedded.elasticsearch;

import io.pgsync.embedded.ServerArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The two families of search engines, and how their distributions differ: in names, in the Java that they need, and in
 * its options.
 */
public enum EngineFamily {
    ELASTICSEARCH("Elasticsearch", "elasticsearch", "org.elasticsearch.distribution.integ-test-zip", "ES_", "8.19.21") {
        @Override
        public EmbeddedElasticsearch.Builder builder() {
            return EmbeddedElasticsearch.builder();
        }

        @Override
        JavaVersions java(String version) {
            return JavaVersions.from(major(version) < 9 ? 17 : 21);
        }

        @Override
        Map<String, String> settings() {
            return Map.of("xpack.security.enabled", "false");
        }

        @Override
        List<String> jvmOptions(Path distribution) {
            return List.of("-Djava.io.tmpdir=${ES_TMPDIR}", "20-:--add-modules=jdk.incubator.vector");
        }
    },

    OPENSEARCH(
            "OpenSearch",
            "opensearch",
            "org.opensearch.distribution.integ-test-zip",
            "OPENSEARCH_",
            newestOpenSearch()) {
        @Override
        public EmbeddedOpenSearch.Builder builder() {
            return EmbeddedOpenSearch.builder();
        }

        /** Version 2 needs the security manager, which Java no longer has from 24 on. */
        @Override
        JavaVersions java(String version) {
            return major(version) < 3 ? new JavaVersions(11, 23) : JavaVersions.from(21);
        }

        @Override
        Map<String, String> settings() {
            return Map.of();
        }

        /**
         * The options that the version ships, except those for memory, collectors and logs. The path of its agent is
         * relative to the distribution.
         */
        @Override
        List<String> jvmOptions(Path distribution) {
            try (Stream<String> shipped =
                    Files.lines(distribution.resolve("config").resolve("jvm.options"))) {
                return shipped.filter(line -> line.matches("([0-9-]+:)?(-D|--add-|-javaagent:|-XX:CompileCommand=).*"))
                        .map(line -> line.replace("-javaagent:", "-javaagent:" + distribution + "/"))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private final String label;
    private final String program;
    private final String group;
    private final String variables;
    private final String fallback;

    EngineFamily(String label, String program, String group, String variables, String fallback) {
        this.label = label;
        this.program = program;
        this.group = group;
        this.variables = variables;
        this.fallback = fallback;
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** A new collection of choices for a server of this family. */
    public abstract EngineBuilder<?, ?> builder();

    abstract JavaVersions java(String version);

    /** Lines of the configuration that only this family has. */
    abstract Map<String, String> settings();

    /** Options that a server needs to start, in the form of the file jvm.options. */
    abstract List<String> jvmOptions(Path distribution);

    /** The name of the program, of its archive, and of its configuration file. */
    String program() {
        return program;
    }

    /** The system property with the version of all servers for which the builder names none. */
    public String property() {
        return "pgsync.test." + program;
    }

    /** Version 2 for a Java that can run it, else version 3: a build needs no second Java beside its own. */
    private static String newestOpenSearch() {
        return Runtime.version().feature() < 24 ? "2.19.3" : "3.3.0";
    }

    /** The version in the property, or without it one that this Java can run. */
    String defaultVersion() {
        return System.getProperty(property(), fallback);
    }

    ServerArchive archive(String version) {
        return new ServerArchive(group, program, version, "zip");
    }

    String variable(String name) {
        return variables + name;
    }

    static int major(String version) {
        return Integer.parseInt(version.split("\\.", 2)[0]);
    }
}
