package io.pgsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The API of the libraries: the packages that their Javadoc has. Here for all of them, because this module sees them all. */
class ApiTest {
    static final List<String> MODULES =
            List.of("core", "replication", "elasticsearch", "aws", "kafka", "runtime", "embedded");

    private static final JavaClasses PGSYNC =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.pgsync");

    private static final Set<String> EVERYWHERE = Set.of(
            "java.", "reactor.core.", "reactor.util.", "org.reactivestreams.", "com.fasterxml.jackson.databind.");
    /** What else the signatures of a module may mention. */
    private static final Map<String, Set<String>> OTHERS = Map.of(
            "replication", Set.of("io.r2dbc."),
            "elasticsearch", Set.of("co.elastic.clients."),
            "aws", Set.of("software.amazon.awssdk."),
            "runtime", Set.of("io.micrometer.core."));

    private static final Pattern DOCUMENTED = Pattern.compile("<include>([\\w/]+)/\\*\\.java</include>");
    private static final Pattern SENTENCE = Pattern.compile("<p>API: ([^.]*(?:\\.\\w[^.]*)*)\\.");
    private static final Pattern NAMED = Pattern.compile("\\{@link ([\\w.]+)}");
    private static final Pattern IMPORT = Pattern.compile("import (?:static )?(io\\.pgsync(?:\\.[a-z]+)+)\\.[A-Z]");

    /** Those that the Javadoc of a module is made of. */
    private static Set<String> packages(String module) throws IOException {
        return found(DOCUMENTED, Path.of("../pgsync-" + module + "/pom.xml"), group -> true).stream()
                .map(path -> path.replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> packages() throws IOException {
        Set<String> all = new TreeSet<>();
        for (String module : MODULES) {
            all.addAll(packages(module));
        }
        return all;
    }

    private static Set<String> found(Pattern pattern, Path file, Predicate<String> wanted) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(result -> result.group(1))
                .filter(wanted)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Path sources(String packageName) {
        String module = packageName.split("\\.")[2];
        return Path.of("../pgsync-" + module + "/src/main/java", packageName.split("\\."));
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void theRootPackageOfAModuleSaysWhatItsApiIs(String module) throws IOException {
        String root = "io.pgsync." + module;
        String text =
                Files.readString(sources(root).resolve("package-info.java")).replaceAll("\\s+\\*\\s+", " ");
        Optional<String> sentence =
                SENTENCE.matcher(text).results().map(result -> result.group(1)).findFirst();

        Set<String> named = new TreeSet<>(Set.of(root));
        NAMED.matcher(sentence.orElseThrow())
                .results()
                .map((MatchResult result) -> result.group(1))
                .forEach(named::add);
        assertThat(named).isEqualTo(packages(module));
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void signaturesMentionNothingElse(String module) throws IOException {
        Set<String> api = packages();
        Set<String> libraries = OTHERS.getOrDefault(module, Set.of());

        assertThat(packages(module).stream().flatMap(ApiTest::types))
                .isNotEmpty()
                .allSatisfy(type -> assertThat(mentioned(type).filter(other -> !isKnown(other, api, libraries)))
                        .as(type.getFullName())
                        .isEmpty());
    }

    private static Stream<JavaClass> types(String packageName) {
        return PGSYNC.stream()
                .filter(type -> type.getPackageName().equals(packageName))
                .filter(ApiTest::isOpen);
    }

    private static boolean isOpen(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ApiTest::isOpen).orElse(true);
    }

    private static boolean isKnown(JavaClass type, Set<String> api, Set<String> libraries) {
        return type.isPrimitive()
                || api.contains(type.getPackageName()) && isOpen(type)
                || Stream.concat(EVERYWHERE.stream(), libraries.stream())
                        .anyMatch(prefix -> type.getFullName().startsWith(prefix));
    }

    private static Stream<JavaClass> mentioned(JavaClass type) {
        Stream<JavaType> above = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        Stream<JavaType> units = type.getCodeUnits().stream()
                .filter(ApiTest::isOpen)
                .flatMap(unit -> Stream.of(
                                unit.getParameterTypes().stream(), Stream.of(unit.getReturnType()), thrown(unit))
                        .flatMap(types -> types));
        Stream<JavaType> fields =
                type.getFields().stream().filter(ApiTest::isOpen).map(field -> field.getType());
        return Stream.of(above, units, fields)
                .flatMap(types -> types)
                .flatMap(each -> each.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getBaseComponentType);
    }

    private static Stream<JavaType> thrown(JavaCodeUnit unit) {
        return unit.getExceptionTypes().stream().map(type -> type);
    }

    private static boolean isOpen(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
    }

    /** Parameters only where there is something to say. */
    @ParameterizedTest
    @FieldSource("MODULES")
    void everythingThatCanBeCalledHasAComment(String module) throws IOException {
        List<String> found = new ArrayList<>();
        for (String each : packages(module)) {
            found.addAll(UncommentedApi.in(sources(each)));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void theExamplesUseNothingElse() throws IOException {
        Set<String> api = packages();
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            for (Path file : files.filter(path -> path.toString().matches(".*/src/main/java/.*\\.java"))
                    .toList()) {
                assertThat(found(IMPORT, file, name -> !api.contains(name)))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }
}
