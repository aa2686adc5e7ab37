package io.pgsync.core.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Documents as trees of nodes: of any size, with all digits of numbers. */
public final class DocumentJson {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private DocumentJson() {}

    static ObjectNode parse(byte[] document) {
        return (ObjectNode) read(document);
    }

    /**
     * Reads a document, or an answer with documents in it.
     *
     * @throws UncheckedIOException if it is not JSON
     */
    public static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("What must be a document is not JSON", e);
        }
    }

    /** On one line, without a field named {@code _meta}: only the keys of rows may have that name. */
    static byte[] fields(ObjectNode document) throws JsonProcessingException {
        document.remove("_meta");
        return JSON.writeValueAsBytes(document);
    }
}
