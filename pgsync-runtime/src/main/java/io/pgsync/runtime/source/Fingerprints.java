package io.pgsync.runtime.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.config.SchemaText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

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

    /** The whole schema file. */
    public JsonNode file() {
        return file;
    }

    public String of(DocumentTree tree) {
        return of(tree, tree.hidesUnenforcedKeys());
    }

    /** The same definition whole, to be kept beside its fingerprint. */
    public LoadedDefinition definition(DocumentTree tree, MappingMode mode) {
        return LoadedDefinitions.of(file, tree, mode);
    }

    /**
     * Whether the index of {@code state} was loaded as a load of {@code tree} would do it now. Another order of what
     * has no order is the same definition.
     */
    public boolean fits(SyncState state, DocumentTree tree) {
        return fits(state.schemaFingerprint(), tree)
                || state.loaded()
                        .filter(then -> isSame(then, tree) && isOf(then, state.schemaFingerprint(), tree))
                        .isPresent();
    }

    private boolean isSame(LoadedDefinition then, DocumentTree tree) {
        return NodeForm.of(then.document().path("nodes"))
                        .equals(NodeForm.of(file.at(tree.root().pointer())))
                && LoadedDefinitions.routing(then).equals(tree.routing())
                && LoadedDefinitions.plugins(then).equals(tree.plugins());
    }

    /** Whether ids and hidden keys are as {@code tree} has them: the fingerprint tells, together with the definition. */
    private static boolean isOf(LoadedDefinition then, String fingerprint, DocumentTree tree) {
        JsonNode nodes = then.document().path("nodes");
        String routing = LoadedDefinitions.routing(then).orElse("");
        List<String> plugins = LoadedDefinitions.plugins(then);
        return fingerprint.equals(hash(nodes, routing, plugins, tree, tree.hidesUnenforcedKeys()))
                || fingerprint.equals(hash(nodes, routing, plugins, tree, true));
    }

    /**
     * Whether a load of {@code tree} would give an index of this fingerprint. The index may also hold keys that are no
     * longer needed, if a constraint is enforced now that was not enforced before.
     */
    boolean fits(String fingerprint, DocumentTree tree) {
        return fingerprint.equals(of(tree)) || fingerprint.equals(of(tree, true));
    }

    private String of(DocumentTree tree, boolean withUnenforced) {
        JsonNode nodes = file.at(tree.root().pointer());
        return hash(nodes, tree.routing().orElse(""), tree.plugins(), tree, withUnenforced);
    }

    private static String hash(
            JsonNode nodes, String routing, List<String> plugins, DocumentTree tree, boolean withUnenforced) {
        String definition = nodes + "\n" + routing + "\n" + plugins
                + DocumentIds.of(tree).form() + (withUnenforced ? UNENFORCED : "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }
}
