package io.pgsync.cli.demo;

import java.time.Duration;
import java.util.List;

/**
 * The changes of the tour, made before it with rows of their own, which are gone at the end. A daemon that has just been started is slow for
 * a moment, because Java still loads and compiles its code; a user would otherwise see that in place of what the daemon does all day.
 */
final class Rehearsal {
    /** A transaction each. */
    static final List<String> CHANGES = List.of(
            """
            INSERT INTO author VALUES (1001, 'Rehearsal', 1970);
            INSERT INTO reader VALUES (1001, 'Rehearsal');
            INSERT INTO book VALUES (1001, 'Rehearsal', '2026-01-01', 1.00, 1);
            INSERT INTO book_author VALUES (1001, 1001);
            INSERT INTO review VALUES (1001, 1001, 1001, 3, NULL)""",
            "UPDATE author SET name = 'Second rehearsal' WHERE id = 1001",
            "UPDATE book SET publisher_id = 2 WHERE id = 1001",
            "UPDATE reader SET name = 'Second rehearsal' WHERE id = 1001",
            "DELETE FROM review WHERE id = 1001",
            "DELETE FROM book_author WHERE book_id = 1001 AND author_id = 1001",
            """
            DELETE FROM book WHERE id = 1001;
            DELETE FROM author WHERE id = 1001;
            DELETE FROM reader WHERE id = 1001""");

    static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rehearsal() {}

    static void run(ShopChanges shop) {
        for (int round = 0; round < ROUNDS; round++) {
            CHANGES.forEach(statements -> make(shop, statements));
        }
    }

    private static void make(ShopChanges shop, String statements) {
        List<Integer> missing = shop.make(statements, PATIENCE).missing();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("These books did not arrive as plain SELECTs have them: " + missing);
        }
    }
}
