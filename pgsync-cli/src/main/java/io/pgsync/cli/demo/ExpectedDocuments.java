package io.pgsync.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The documents that all books must have. They are assembled here from plain queries, without any part of what is
 * demonstrated.
 */
final class ExpectedDocuments {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final SortedMap<Integer, ObjectNode> books = new TreeMap<>();

    private ExpectedDocuments() {}

    /** As this session sees the database now, also in the middle of its transaction. */
    static ExpectedDocuments of(Bookshop shop) {
        var expected = new ExpectedDocuments();
        shop.query("""
                SELECT b.id, b.title, b.published, b.price, p.name AS publisher, p.city
                FROM book b LEFT JOIN publisher p ON p.id = b.publisher_id""", expected::addBook);
        shop.query("""
                SELECT l.book_id, a.name, a.born
                FROM book_author l JOIN author a ON a.id = l.author_id ORDER BY a.id""", expected::addAuthor);
        shop.query("""
                SELECT w.book_id, w.stars, w.verdict, r.name AS reader
                FROM review w LEFT JOIN reader r ON r.id = w.reader_id ORDER BY w.id""", expected::addReview);
        return expected;
    }

    /** By id. */
    Map<Integer, ObjectNode> byId() {
        return books;
    }

    /** Ids of the documents that differ from those of {@code before}, are new or are gone. */
    List<Integer> changedSince(ExpectedDocuments before) {
        var ids = new TreeSet<>(books.keySet());
        ids.addAll(before.books.keySet());
        ids.removeIf(id -> Optional.ofNullable(books.get(id)).equals(Optional.ofNullable(before.books.get(id))));
        return new ArrayList<>(ids);
    }

    private boolean addBook(Readable row) {
        ObjectNode book = JSON.objectNode()
                .put("id", integer(row, "id"))
                .put("title", text(row, "title"))
                .put("published", String.valueOf(row.get("published", LocalDate.class)))
                .put("price", row.get("price", BigDecimal.class));
        book.set(
                "publisher",
                object(
                        text(row, "publisher"),
                        name -> JSON.objectNode().put("name", name).put("city", text(row, "city"))));
        book.putNull("authors").putNull("reviews");
        books.put(row.get("id", Integer.class), book);
        return true;
    }

    private boolean addAuthor(Readable row) {
        return list(row, "authors")
                .add(JSON.objectNode().put("name", text(row, "name")).put("born", integer(row, "born")))
                .isArray();
    }

    private boolean addReview(Readable row) {
        ObjectNode review =
                JSON.objectNode().put("stars", integer(row, "stars")).put("verdict", text(row, "verdict"));
        review.set(
                "reader", object(text(row, "reader"), name -> JSON.objectNode().put("name", name)));
        return list(row, "reviews").add(review).isArray();
    }

    /** The list in the book of a joined row; null before its first element. */
    private ArrayNode list(Readable row, String field) {
        ObjectNode book = Optional.ofNullable(books.get(row.get("book_id", Integer.class)))
                .orElseThrow();
        return book.get(field) instanceof ArrayNode existing ? existing : book.putArray(field);
    }

    private static JsonNode object(@Nullable String name, Function<String, ObjectNode> content) {
        return name == null ? JSON.nullNode() : content.apply(name);
    }

    private static @Nullable String text(Readable row, String column) {
        return row.get(column, String.class);
    }

    private static @Nullable Integer integer(Readable row, String column) {
        return row.get(column, Integer.class);
    }
}
