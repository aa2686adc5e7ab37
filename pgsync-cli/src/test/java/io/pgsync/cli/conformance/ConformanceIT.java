package io.pgsync.cli.conformance;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.pgsync.torture.server.Servers;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every fixture through bootstrap, first load and live changes, against real servers. {@code -Dpgsync.fixture=NAME} runs one of
 * them; {@code -Dpgsync.seconds=2} is the time that each transaction has to arrive on a quiet machine (default: 20).
 */
class ConformanceIT {
    /** Where old rows make a difference: links that move at every level. */
    private static final Set<String> ALSO_WITH_FULL_IDENTITY =
            Set.of("moved-rows", "tenant-keys", "partitions", "self-reference", "one-to-one");

    /** Where many changes of one document meet. */
    private static final Set<String> ALSO_AT_FULL_SPEED =
            Set.of("moved-rows", "transactions", "truncate", "partitions", "routing");

    private static final Servers SERVERS = Servers.shared();

    @TestFactory
    Stream<DynamicTest> everyTransactionOfOurFixturesArrives() {
        return chosen(Fixture.own()).map(fixture -> dynamicTest(fixture.toString(), () -> stepByStep(run(fixture))));
    }

    @TestFactory
    Stream<DynamicTest> everyTransactionArrivesWhenOldRowsAreSentWhole() {
        return chosen(Fixture.own())
                .filter(fixture -> ALSO_WITH_FULL_IDENTITY.contains(fixture.toString()))
                .map(fixture -> dynamicTest(
                        fixture.toString(), () -> stepByStep(run(fixture).withFullIdentities())));
    }

    @TestFactory
    Stream<DynamicTest> allChangesOfOurFixturesArriveAtFullSpeed() {
        return chosen(Fixture.own())
                .filter(fixture -> ALSO_AT_FULL_SPEED.contains(fixture.toString()))
                .map(fixture -> dynamicTest(fixture.toString(), () -> atFullSpeed(run(fixture))));
    }

    @TestFactory
    Stream<DynamicTest> everyTransactionOfSharedFixturesArrives() {
        return Fixture.shared().isEmpty()
                ? none()
                : chosen(Fixture.shared())
                        .map(fixture -> dynamicTest(fixture.toString(), () -> stepByStep(run(fixture))));
    }

    @TestFactory
    Stream<DynamicTest> allChangesOfSharedFixturesArriveAtFullSpeed() {
        return Fixture.shared().isEmpty()
                ? none()
                : chosen(Fixture.shared())
                        .map(fixture -> dynamicTest(fixture.toString(), () -> atFullSpeed(run(fixture))));
    }

    /** A test of its own, so that it counts as skipped. */
    private static Stream<DynamicTest> none() {
        return Stream.of(dynamicTest(
                "no shared fixtures",
                () -> abort("No shared fixtures: neither PGSYNC_SHARED nor " + Fixture.sharedFolder()
                        + " has a folder conformance")));
    }

    private static Stream<Fixture> chosen(List<Fixture> fixtures) {
        var only = System.getProperty("pgsync.fixture", "");
        return fixtures.stream().filter(fixture -> only.isEmpty() || only.equals(fixture.toString()));
    }

    private static FixtureRun run(Fixture fixture) throws Exception {
        return new FixtureRun(SERVERS, fixture);
    }

    private static void stepByStep(FixtureRun run) throws Exception {
        try (run) {
            run.load();
            run.changeStepByStep();
            run.stop();
        }
    }

    private static void atFullSpeed(FixtureRun run) throws Exception {
        try (run) {
            run.load();
            run.changeAtFullSpeed();
            run.stop();
        }
    }
}
