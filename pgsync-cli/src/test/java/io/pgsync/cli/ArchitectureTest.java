package io.pgsync.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
    private static final JavaClasses PGSYNC =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.pgsync");

    @Test
    void coreKnowsNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage("io.pgsync.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.pgsync.replication..", "io.pgsync.elasticsearch..", "io.pgsync.cli..")
                .check(PGSYNC);
    }

    @Test
    void adaptersDoNotSeeEachOther() {
        JavaPackage all = PGSYNC.getPackage("io.pgsync");

        assertThat(dependsOn(all.getPackage("replication"), all.getPackage("elasticsearch")))
                .isFalse();
        assertThat(dependsOn(all.getPackage("elasticsearch"), all.getPackage("replication")))
                .isFalse();
    }

    /** Here for all modules, because this one sees them all. */
    @ParameterizedTest
    @ValueSource(strings = {"core", "replication", "elasticsearch", "cli"})
    void packagesAreFreeOfCycles(String module) {
        Set<JavaPackage> packages = PGSYNC.getPackage("io.pgsync." + module).getSubpackages();

        assertThat(packages).isNotEmpty();
        for (JavaPackage start : packages) {
            var reached = new HashSet<JavaPackage>();
            reach(start, packages, reached);
            assertThat(reached).as("what %s depends on", start.getName()).doesNotContain(start);
        }
    }

    private static void reach(JavaPackage from, Set<JavaPackage> packages, Set<JavaPackage> reached) {
        for (JavaPackage to : packages) {
            if (!to.equals(from) && dependsOn(from, to) && reached.add(to)) {
                reach(to, packages, reached);
            }
        }
    }

    private static boolean dependsOn(JavaPackage from, JavaPackage to) {
        return from.getClassDependenciesFromThisPackageTree().stream()
                .map(dependency -> dependency.getTargetClass().getPackageName() + ".")
                .anyMatch(name -> name.startsWith(to.getName() + "."));
    }

    @Test
    void packageNamesSayWhatIsInside() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..")
                .check(PGSYNC);
    }
}
