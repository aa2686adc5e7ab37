package io.pgsync.replication;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

class ArchitectureTest {
    private static final JavaClasses REPLICATION =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.pgsync.replication");
    private static final Set<String> BLOCKING =
            Set.of("block", "blockOptional", "blockFirst", "blockLast", "toIterable", "toStream");

    @Test
    void replicationKnowsNothingOfElasticsearch() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "co.elastic..", "org.elasticsearch..", "io.pgsync.elasticsearch..", "io.pgsync.cli..")
                .check(REPLICATION);
    }

    @Test
    void onlyEmbeddedServersNeedTheOptionalLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.pgsync.embedded.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "eu.maveniverse..", "org.eclipse.aether..", "org.apache.commons.compress..", "org.tukaani..")
                .check(REPLICATION);
    }

    @Test
    void nothingBlocksOrSubscribes() {
        noClasses()
                .should()
                .accessTargetWhere(describe("blocks or subscribes", ArchitectureTest::blocksOrSubscribes))
                .check(REPLICATION);
    }

    @Test
    void packageNamesSayWhatIsInside() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..misc..")
                .check(REPLICATION);
    }

    private static boolean blocksOrSubscribes(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        if (target.getOwner().isEquivalentTo(Thread.class) || target.getOwner().isEquivalentTo(TimeUnit.class)) {
            return target.getName().equals("sleep");
        }
        return target.getOwner().isAssignableTo(Publisher.class)
                && (BLOCKING.contains(target.getName()) || startsSubscription(target));
    }

    // Operators of our own hand a Subscriber upstream; every other form starts work that nobody owns.
    private static boolean startsSubscription(AccessTarget target) {
        return target.getName().equals("subscribe")
                && target instanceof CodeUnitAccessTarget method
                && !(method.getRawParameterTypes().size() == 1
                        && method.getRawParameterTypes().get(0).isAssignableTo(Subscriber.class));
    }
}
