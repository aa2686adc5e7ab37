package io.pgsync.core.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads one field of a document without parsing all of it. */
public final class DocumentField {
    private static final JsonFactory JSON = new JsonFactory();

    private DocumentField() {}

    /**
     * The text, number or boolean of a top-level field, as text; empty if the field is missing, null, an object or a
     * list.
     */
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
