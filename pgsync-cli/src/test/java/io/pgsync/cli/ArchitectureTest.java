package io.pgsync.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noConstructors;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** What the modules and packages may see of each other. Here for all of them, because this module sees them all. */
class ArchitectureTest {
    private static final String PREFIX = "io.pgsync.";
    private static final JavaClasses PGSYNC =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.pgsync");

    /** Beside themselves. */
    private static final Map<String, Set<String>> VISIBLE = Map.of(
            "core", Set.of(),
            "embedded", Set.of("core"),
            "replication", Set.of("core"),
            "elasticsearch", Set.of("core"),
            "aws", Set.of("core", "elasticsearch"),
            "kafka", Set.of("core"),
            "runtime", Set.of("core", "replication", "elasticsearch"),
            "torture", Set.of("core", "embedded"),
            "cli", Set.of("core", "embedded", "replication", "elasticsearch", "runtime"));

    /** From below: a package of a module sees those of lines before its own, and of its own line none but itself. A dot is its root. */
    private static final Map<String, String> LAYERS = Map.of("replication", """
            sql pgoutput
            connection
            catalog slot
            stream
            retention query preflight replica
            """, "elasticsearch", """
            signing
            .
            lookup
            state
            index
            bulk examination
            """, "torture", """
            truth world proxy
            report tree server
            process client
            fault
            check
            .
            """);

    private static final int MOST_TYPES = 25;

    private static final Set<String> BLOCKING =
            Set.of("block", "blockOptional", "blockFirst", "blockLast", "toIterable", "toStream");

    @Test
    void modulesSeeOnlyThoseBelowThem() {
        Map<String, Set<String>> seen = new HashMap<>();
        for (JavaClass each : PGSYNC) {
            Set<String> others = seen.computeIfAbsent(module(each), name -> new TreeSet<>());
            targets(each)
                    .map(ArchitectureTest::module)
                    .filter(target -> !target.equals(module(each)))
                    .forEach(others::add);
        }

        assertThat(seen.keySet()).isEqualTo(VISIBLE.keySet());
        seen.forEach(
                (module, others) -> assertThat(VISIBLE.get(module)).as(module).containsAll(others));
    }

    private static Stream<JavaClass> targets(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> target.getPackageName().startsWith(PREFIX));
    }

    private static String module(JavaClass type) {
        return type.getPackageName().substring(PREFIX.length()).replaceFirst("\\..*", "");
    }

    /** A driver's types may come in by way of another library. */
    @ParameterizedTest
    @CsvSource({
        "PostgreSQL,            io.r2dbc..,                   replication embedded cli",
        "JDBC,                  org.postgresql..,             torture",
        "Elasticsearch,         co.elastic..,                 elasticsearch",
        "Amazon,                software.amazon..,            aws",
        "Kafka,                 org.apache.kafka..,           kafka",
        "Maven's resolver,      eu.maveniverse..,             embedded",
        "Maven's transport,     org.eclipse.aether..,         embedded",
        "archives,              org.apache.commons.compress.., embedded",
        "compression,           org.tukaani..,                embedded",
        "the command line,      picocli..,                    cli torture",
        "logging,               ch.qos.logback..,             cli"
    })
    void onlyTheModulesThatItIsForKnow(String what, String packages, String modules) {
        Set<String> allowed = Set.of(modules.split(" "));

        noClasses()
                .that(describe("do not belong to " + modules, type -> !allowed.contains(module(type))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .as("only " + modules + " know " + what)
                .check(PGSYNC);
    }

    @Test
    void theFlowNeitherBlocksNorSubscribes() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.pgsync.core..",
                        "io.pgsync.replication..",
                        "io.pgsync.elasticsearch..",
                        "io.pgsync.aws..",
                        "io.pgsync.kafka..",
                        "io.pgsync.runtime.*..")
                // Many wait for one marker, and go away when they like.
                .and(describe(
                        "are not PositionWaits", type -> !type.getSimpleName().equals("PositionWaits")))
                .should()
                .accessTargetWhere(describe("blocks or subscribes", ArchitectureTest::blocksOrSubscribes))
                .check(PGSYNC);
    }

    private static boolean blocksOrSubscribes(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        if (target.getOwner().isEquivalentTo(Thread.class) || target.getOwner().isEquivalentTo(TimeUnit.class)) {
            return target.getName().equals("sleep");
        }
        return target.getOwner().isAssignableTo(Publisher.class)
                && (BLOCKING.contains(target.getName()) || startsSubscription(target));
    }

    /** Who makes an object has nothing to close when that fails. */
    @Test
    void constructorsOpenNothing() {
        noConstructors()
                .that()
                .areDeclaredInClassesThat(
                        describe("belong to the product", type -> !module(type).equals("torture")))
                .should(opensSomething())
                .check(PGSYNC);
    }

    private static ArchCondition<JavaConstructor> opensSomething() {
        return new ArchCondition<>("open or start something") {
            @Override
            public void check(JavaConstructor constructor, ConditionEvents events) {
                constructor.getCallsFromSelf().stream()
                        .filter(access -> blocksOrSubscribes(access) || opens(access.getTarget()))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
            }
        };
    }

    private static boolean opens(AccessTarget target) {
        return target.getOwner().isEquivalentTo(Files.class)
                || target.getFullName().matches("java\\.net\\..*Socket\\.<init>.*|java\\.lang\\.Thread\\.start.*")
                || Set.of("bindNow", "executeQuery", "open").contains(target.getName());
    }

    // Operators of our own hand a Subscriber upstream; every other form starts work that nobody owns.
    private static boolean startsSubscription(AccessTarget target) {
        return target.getName().equals("subscribe")
                && target instanceof CodeUnitAccessTarget method
                && !(method.getRawParameterTypes().size() == 1
                        && method.getRawParameterTypes().get(0).isAssignableTo(Subscriber.class));
    }

    /** Each package by itself, the root of a module too. */
    @Test
    void packagesAreFreeOfCycles() {
        Map<String, Set<String>> seen = new HashMap<>();
        for (JavaClass each : PGSYNC) {
            Set<String> others = seen.computeIfAbsent(each.getPackageName(), name -> new TreeSet<>());
            targets(each).map(JavaClass::getPackageName).forEach(others::add);
            others.remove(each.getPackageName());
        }

        seen.keySet().forEach(start -> {
            var reached = new TreeSet<String>();
            reach(start, seen, reached);
            assertThat(reached).as("what %s depends on", start).doesNotContain(start);
        });
    }

    private static void reach(String from, Map<String, Set<String>> seen, Set<String> reached) {
        for (String to : seen.getOrDefault(from, Set.of())) {
            if (reached.add(to)) {
                reach(to, seen, reached);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replication", "elasticsearch", "torture"})
    void packagesSeeOnlyThoseOfLowerLayers(String module) {
        Map<String, Integer> layers = layers(module);

        for (JavaClass each : PGSYNC) {
            if (module(each).equals(module) && !each.getSimpleName().equals("package-info")) {
                String room = room(each);
                assertThat(layers).containsKey(room);
                assertThat(targets(each)
                                .filter(target -> module(target).equals(module))
                                .map(ArchitectureTest::room)
                                .filter(target -> !target.equals(room)))
                        .as(each.getName())
                        .allSatisfy(target -> assertThat(layers.get(target)).isLessThan(layers.get(room)));
            }
        }
    }

    /** The layer of each package of a module, by its name. */
    private static Map<String, Integer> layers(String module) {
        Map<String, Integer> layers = new HashMap<>();
        List<String> lines = LAYERS.get(module).lines().toList();
        for (int layer = 0; layer < lines.size(); layer++) {
            for (String room : lines.get(layer).split(" ")) {
                layers.put(room, layer);
            }
        }
        return layers;
    }

    /** The package inside its module; a dot stands for the module's root. */
    private static String room(JavaClass type) {
        String below = type.getPackageName().substring((PREFIX + module(type)).length());
        return below.isEmpty() ? "." : below.substring(1);
    }

    @Test
    void aPackageIsSmallEnoughToBeSeenAtOnce() {
        Map<String, Long> types = PGSYNC.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(types).allSatisfy((name, count) -> assertThat(count).isLessThanOrEqualTo(MOST_TYPES));
    }

    @Test
    void packageNamesSayWhatIsInside() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..")
                .check(PGSYNC);
    }
}
