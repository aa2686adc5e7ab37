package io.pgsync.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.connection.PostgresSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final List<String> TABLES =
            List.of("publisher", "author", "book", "book_author", "reader", "review");

    @Test
    void leavesTheShopAsItWas() {
        String database = POSTGRES.createDatabase();
        try (var shop = Bookshop.open(PostgresSettings.plain(
                POSTGRES.host(), POSTGRES.port(), database, POSTGRES.user(), POSTGRES.password()))) {
            shop.execute(Bookshop.resource("bookshop.sql"));
            List<String> before = rows(shop);

            Rehearsal.CHANGES.forEach(shop::execute);
            Rehearsal.CHANGES.forEach(shop::execute);

            assertThat(rows(shop)).hasSizeGreaterThan(TABLES.size()).isEqualTo(before);
        }
    }

    private static List<String> rows(Bookshop shop) {
        return TABLES.stream()
                .flatMap(table -> shop
                        .query(
                                "SELECT '%1$s ' || %1$s AS row FROM %1$s ORDER BY 1".formatted(table),
                                row -> String.valueOf(row.get("row", String.class)))
                        .stream())
                .toList();
    }
}
