package io.pgsync.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

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
        slices().matching("io.pgsync.(replication|elasticsearch)..")
                .should()
                .notDependOnEachOther()
                .check(PGSYNC);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.pgsync.cli.(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(PGSYNC);
    }

    @Test
    void packageNamesSayWhatIsInside() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..")
                .check(PGSYNC);
    }
}
