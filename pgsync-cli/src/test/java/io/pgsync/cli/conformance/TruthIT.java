package io.pgsync.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.torture.truth.DocumentComparison;
import io.pgsync.torture.truth.RowByRowTruth;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The judge is judged: by documents that others computed, and by whether our own fixtures ask anything. */
class TruthIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();

    @TestFactory
    Stream<DynamicTest> theTruthOfSharedFixturesEqualsTheirDocuments() {
        assumeTrue(!Fixture.shared().isEmpty(), () -> "No shared fixtures in " + Fixture.sharedFolder());
        return Fixture.shared().stream().map(fixture -> dynamicTest(fixture.toString(), () -> compare(fixture)));
    }

    @TestFactory
    Stream<DynamicTest> theChangesOfOurFixturesChangeTheirDocuments() {
        return Fixture.own().stream().map(fixture -> dynamicTest(fixture.toString(), () -> change(fixture)));
    }

    private static void compare(Fixture fixture) throws Exception {
        try (var connection = loaded(fixture)) {
            var before = RowByRowTruth.of(connection, fixture.schema());
            assertThat(DocumentComparison.differences(fixture.documents().orElseThrow(), before))
                    .isEmpty();

            fixture.changes().run(connection);

            var after = RowByRowTruth.of(connection, fixture.schema());
            assertThat(DocumentComparison.differences(fixture.documentsAfter().orElseThrow(), after))
                    .isEmpty();
        }
    }

    private static void change(Fixture fixture) throws Exception {
        try (var connection = loaded(fixture)) {
            var transactions = fixture.changes().transactions();
            var changing = 0;
            for (var transaction : transactions) {
                var before = RowByRowTruth.of(connection, fixture.schema());
                transaction.run(connection);
                var after = RowByRowTruth.of(connection, fixture.schema());
                changing += DocumentComparison.differences(before, after).isEmpty() ? 0 : 1;
            }

            // The rest are changes that must not show.
            assertThat(changing).isGreaterThan(transactions.size() / 2);
        }
    }

    private static Connection loaded(Fixture fixture) throws Exception {
        var url = POSTGRES.jdbcUrl(POSTGRES.createDatabase());
        var connection = DriverManager.getConnection(url, POSTGRES.user(), POSTGRES.password());
        fixture.load(connection);
        return connection;
    }
}
