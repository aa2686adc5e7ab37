package io.pgsync.runtime.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.config.SchemaText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells whether a document still has the definition, the ids and the hidden keys with which its index was loaded.
 * Layout, settings and mappings do not count.
 */
public final class Fingerprints {
    /**
     * Earlier releases left out keys of through rows if there is a foreign key, even one that the server does not
     * enforce.
     */
    private static final String UNENFORCED = "unlinked 2";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode file;

    public Fingerprints(SchemaText schema) {
        try {
            this.file = JSON.readTree(schema.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A schema file that was read before is not JSON", e);
        }
    }

    public String of(DocumentTree tree) {
        return of(tree, tree.hidesUnenforcedKeys());
    }

    /**
     * Whether a load of {@code tree} would give an index of this fingerprint. The index may also hold keys that are no
     * longer needed, if a constraint is enforced now that was not enforced before.
     */
    public boolean fits(String fingerprint, DocumentTree tree) {
        return fingerprint.equals(of(tree)) || fingerprint.equals(of(tree, true));
    }

    private String of(DocumentTree tree, boolean withUnenforced) {
        String definition =
                file.at(tree.root().pointer()) + "\n" + tree.routing().orElse("") + "\n" + tree.plugins()
                        + DocumentIds.of(tree).form() + (withUnenforced ? UNENFORCED : "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }
}
