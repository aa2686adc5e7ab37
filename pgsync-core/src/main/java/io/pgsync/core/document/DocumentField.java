package io.pgsync.core.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Looks at one field of a document without building it. */
public final class DocumentField {
    private static final JsonFactory JSON = new JsonFactory();

    private DocumentField() {}

    /** A top-level field's text, number or boolean as a text; empty if there is no such field, or null or an object or list in it. */
    public static Optional<String> text(byte[] document, String field) {
        try (JsonParser parser = JSON.createParser(document)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(field);
                JsonToken value = parser.nextToken();
                if (found) {
                    return value.isScalarValue() && value != JsonToken.VALUE_NULL
                            ? Optional.of(parser.getText())
                            : Optional.empty();
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("A document is not a JSON object", e);
        }
    }
}
