package io.pgsync.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings in messages: the libraries say what they are, the command line how they are called. */
class VariableNamesTest {
    private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");
    private static final Pattern VARIABLE = Pattern.compile(Arrays.stream(Setting.values())
            .map(Setting::name)
            .filter(name -> name.contains("_") || name.equals("OPENSEARCH"))
            .collect(Collectors.joining("|", "\\b(?:PG_[A-Z]+|PGSYNC_[A-Z_]+|ELASTICSEARCH_[A-Z_]+|", ")\\b")));
    /** An option, unless it belongs to a whole command that somebody can type. */
    private static final Pattern OPTION = Pattern.compile("(?<!pgsync bootstrap |pgsync )--[a-z]");
    /** Makes such a command out of its parts. */
    private static final String COMMAND = "RepairCommand.java";

    @Test
    void aVariableStandsBehindItsSetting() {
        assertThat(VariableNames.addedTo("Choose another slot name. The slot name counts."))
                .isEqualTo("Choose another slot name (PGSYNC_SLOT). The slot name (PGSYNC_SLOT) counts.");
        assertThat(VariableNames.addedTo("slot names, no search engine's URLs"))
                .isEqualTo("slot names, no search engine's URLs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "replication", "elasticsearch", "runtime"})
    void textsOfALibraryNameNeitherVariablesNorOptions(String library) {
        assertThat(literals(library)).hasSizeGreaterThan(100).allSatisfy(text -> {
            assertThat(text).doesNotContainPattern(VARIABLE);
            assertThat(text).doesNotContainPattern(OPTION);
        });
    }

    @Test
    void eachPhraseIsOneOfTheLibraries() {
        List<String> texts = Stream.of("core", "replication", "elasticsearch", "aws", "runtime")
                .flatMap(library -> literals(library).stream())
                .toList();

        assertThat(VariableNames.phrases())
                .allSatisfy(phrase -> assertThat(texts).anyMatch(text -> text.contains(phrase)));
    }

    /** Whoever reads them may have the other engine. */
    @Test
    void textsNameOneEngineOnlyWhereNoOtherIsMeant() {
        List<String> ofElasticsearchAlone = Stream.of("core", "replication", "elasticsearch", "aws", "runtime", "cli")
                .flatMap(module -> literals(module).stream())
                .filter(text -> text.matches("(?s).*\\bElasticsearch\\b.*") && !text.contains("OpenSearch"))
                .distinct()
                .toList();

        assertThat(ofElasticsearchAlone)
                .allMatch(text -> text.equals("\"Elasticsearch\"")
                        || text.contains("the search engine has to be Elasticsearch")
                        || text.contains("Elasticsearch did not tell its version"));
        assertThat(ofElasticsearchAlone).hasSize(3);
    }

    private static List<String> literals(String library) {
        try (var files = Files.walk(Path.of("../pgsync-" + library + "/src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith(COMMAND))
                    .flatMap(file -> LITERAL.matcher(textOf(file)).results().map(MatchResult::group))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
