package io.pgsync.elasticsearch.bulk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The items of a bulk answer, in the order of the request; empty if all succeeded.
 *
 * @param count the number of items in the engine's answer
 * @param items all items, or none if no item has an error
 */
record BulkAnswer(int count, List<Item> items) {
    private static final JsonFactory JSON = new JsonFactory();
    /** In the words of {@code VersionType.explainConflictForWrites} of Elasticsearch. */
    private static final Pattern CURRENT_VERSION = Pattern.compile("current version \\[(\\d{1,19})] is higher");

    /** {@code type} and {@code reason} are empty if the item has no error. */
    record Item(int status, String type, String reason) {
        boolean hasError() {
            return !type.isEmpty();
        }

        /** For a conflict, the present version; empty if the engine does not tell it. */
        OptionalLong currentVersion() {
            Matcher told = CURRENT_VERSION.matcher(reason);
            return told.find() ? OptionalLong.of(Long.parseLong(told.group(1))) : OptionalLong.empty();
        }

        /** Whether an update reached its index, whether or not the document exists. */
        boolean hasReachedIndex() {
            return !hasError() || type.equals("document_missing_exception");
        }
    }

    /** Reads an answer that was filtered to {@code errors}, {@code items.*.status} and {@code items.*.error}. */
    static BulkAnswer parse(byte[] body) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            return new Reader(json).read();
        }
    }

    private static final class Reader {
        private final JsonParser json;
        private final List<Item> items = new ArrayList<>();
        // The engine writes "errors" first; until then, items are read in full.
        private boolean errors = true;
        private int count = -1;

        Reader(JsonParser json) {
            this.json = json;
        }

        BulkAnswer read() throws IOException {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (next() != JsonToken.END_OBJECT) {
                String field = json.currentName();
                JsonToken value = next();
                if (field.equals("errors")) {
                    errors = value != JsonToken.VALUE_FALSE;
                } else if (field.equals("items")) {
                    expect(value, JsonToken.START_ARRAY);
                    readItems();
                } else {
                    json.skipChildren();
                }
            }
            if (count < 0) {
                throw new IOException("The answer to a bulk request has no items");
            }
            return new BulkAnswer(count, errors ? items : List.of());
        }

        private void readItems() throws IOException {
            count = 0;
            while (next() != JsonToken.END_ARRAY) {
                count++;
                if (errors) {
                    next(); // the operation's name
                    expect(next(), JsonToken.START_OBJECT);
                    items.add(readItem());
                    expect(next(), JsonToken.END_OBJECT);
                } else {
                    json.skipChildren();
                }
            }
        }

        private Item readItem() throws IOException {
            int status = 0;
            String type = "";
            String reason = "";
            while (next() != JsonToken.END_OBJECT) {
                String field = json.currentName();
                JsonToken value = next();
                if (field.equals("status")) {
                    status = json.getIntValue();
                } else if (field.equals("error") && value == JsonToken.START_OBJECT) {
                    while (next() != JsonToken.END_OBJECT) {
                        String detail = json.currentName();
                        next();
                        if (detail.equals("type")) {
                            type = json.getText();
                        } else if (detail.equals("reason")) {
                            reason = json.getText();
                        }
                        json.skipChildren();
                    }
                }
            }
            return new Item(status, type, reason);
        }

        private JsonToken next() throws IOException {
            JsonToken token = json.nextToken();
            if (token == null) {
                throw new IOException("The answer to a bulk request is cut off");
            }
            return token;
        }

        private static void expect(JsonToken found, JsonToken expected) throws IOException {
            if (found != expected) {
                throw new IOException("The answer to a bulk request has " + found + " in place of " + expected);
            }
        }
    }
}
