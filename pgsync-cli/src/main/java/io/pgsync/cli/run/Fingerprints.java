package io.pgsync.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.schema.DocumentTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells whether a document is still defined as it was when its index was loaded, and has the ids of then; layout, settings and mappings do
 * not count.
 */
final class Fingerprints {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode file;

    Fingerprints(SchemaText schema) {
        try {
            this.file = JSON.readTree(schema.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A schema file that was read before is not JSON", e);
        }
    }

    String of(DocumentTree tree) {
        String definition =
                file.at(tree.root().pointer()) + "\n" + tree.routing().orElse("") + "\n" + tree.plugins()
                        + DocumentIds.of(tree).form();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }
}
