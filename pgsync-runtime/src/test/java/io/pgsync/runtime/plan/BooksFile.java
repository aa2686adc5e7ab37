package io.pgsync.runtime.plan;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.runtime.config.SchemaText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** A schema file of the index "books". An edit of it gives another file. */
final class BooksFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static final String PUBLISHER =
            "{'table': 'publisher', 'columns': ['name'], 'relationship': {'variant': 'object', 'type': 'one_to_one'}}";
    static final String REVIEWS = """
            {'table': 'review', 'label': 'reviews', 'columns': ['stars'],
             'relationship': {'variant': 'object', 'type': 'one_to_many'}}""";
    private static final String AUTHORS = """
            {'table': 'author', 'label': 'authors', 'columns': ['name'],
             'relationship': {'variant': 'scalar', 'type': 'one_to_many', 'through_tables': ['book_author']}}""";

    /** Books with their publisher, the stars of their reviews and the names of their authors. */
    static final BooksFile SHOP = of("{'table': 'book', 'columns': ['title', 'price'], 'children': [%s, %s, %s]}"
            .formatted(PUBLISHER, REVIEWS, AUTHORS));

    private final JsonNode json;

    private BooksFile(JsonNode json) {
        this.json = json;
    }

    static BooksFile of(String nodes) {
        return new BooksFile(read("[{'database': 'shop', 'index': 'books', 'nodes': " + nodes + "}]"));
    }

    /**
     * The file after some edits, parted by "; ": "/a/b = json" puts a value at a pointer (or inserts it into a list, as
     * a JSON Patch does), "/a/b gone" removes what is there, and nothing alters nothing.
     */
    BooksFile edited(String edits) {
        JsonNode edited = json.deepCopy();
        for (String edit : edits.isEmpty() ? new String[0] : edits.split("; +")) {
            if (edit.endsWith(" gone")) {
                remove(edited, JsonPointer.compile(edit.substring(0, edit.length() - " gone".length())));
            } else {
                String[] parts = edit.split(" = ", 2);
                put(edited, JsonPointer.compile(parts[0]), read(parts[1]));
            }
        }
        return new BooksFile(edited);
    }

    private static void put(JsonNode file, JsonPointer place, JsonNode value) {
        if (file.at(place.head()) instanceof ArrayNode list) {
            list.insert(place.last().getMatchingIndex(), value);
        } else {
            ((ObjectNode) file.get(0))
                    .withObject(place.head().tail())
                    .set(place.last().getMatchingProperty(), value);
        }
    }

    private static void remove(JsonNode file, JsonPointer place) {
        if (file.at(place.head()) instanceof ArrayNode list) {
            list.remove(place.last().getMatchingIndex());
        } else {
            ((ObjectNode) file.at(place.head())).remove(place.last().getMatchingProperty());
        }
    }

    /** The members of all objects, and lists of columns and children, from the last to the first. */
    BooksFile reversed() {
        JsonNode reversed = json.deepCopy();
        reverse(reversed);
        return new BooksFile(reversed);
    }

    private static void reverse(JsonNode json) {
        json.forEach(BooksFile::reverse);
        if (json instanceof ObjectNode object) {
            List<String> names =
                    object.propertyStream().map(member -> member.getKey()).toList();
            for (int i = names.size() - 1; i >= 0; i--) {
                object.set(names.get(i), object.remove(names.get(i)));
            }
            Optional.ofNullable(object.get("children")).ifPresent(BooksFile::reverseList);
            Optional.ofNullable(object.get("columns")).ifPresent(BooksFile::reverseList);
        }
    }

    private static void reverseList(JsonNode list) {
        for (int i = 0; i < list.size(); i++) {
            ((ArrayNode) list).insert(i, ((ArrayNode) list).remove(list.size() - 1));
        }
    }

    SchemaText text() {
        return new SchemaText("schema.json", false, json.toString());
    }

    /** The document of the books; they may stand behind others. */
    DocumentTree tree(TableDefinition... tables) {
        return Trees.documents(json.toString(), tables).stream()
                .filter(tree -> tree.index().equals("books"))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
