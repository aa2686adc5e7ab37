package io.pgsync.torture.truth;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class TruthIndependenceTest {
    @Test
    void theTruthSharesNothingWithTheProduct() {
        var truth = new ClassFileImporter().importPackages("io.pgsync.torture.truth");

        noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.pgsync..").and(not(resideInAPackage("io.pgsync.torture.truth.."))))
                .check(truth);
    }
}
