package io.pgsync.cli.demo;

import java.util.List;

/** One thing that happens in the shop; {@code statements} run in one transaction. */
record TourStep(String title, String statements) {
    static final List<TourStep> ALL = List.of(
            new TourStep("An author takes another name", "UPDATE author SET name = 'Ines Carvalho Reis' WHERE id = 5"),
            new TourStep("A book moves to another publisher", "UPDATE book SET publisher_id = 3 WHERE id = 4"),
            new TourStep(
                    "A reader, two levels below the book, too", "UPDATE reader SET name = 'Priya N.' WHERE id = 3"),
            new TourStep("A review is taken back", "DELETE FROM review WHERE id = 6"),
            new TourStep(
                    "An author leaves a book: a row of the through table goes",
                    "DELETE FROM book_author WHERE book_id = 12 AND author_id = 2"),
            new TourStep("A new book arrives, with its author and a review, in one transaction", """
                    INSERT INTO book VALUES (13, 'The Patient Log', '2026-11-01', 17.50, 2);
                    INSERT INTO book_author VALUES (13, 1);
                    INSERT INTO review VALUES (11, 13, 2, 5, 'Nothing is lost.')"""),
            new TourStep("A book is gone for good", "DELETE FROM book WHERE id = 11"));
}
