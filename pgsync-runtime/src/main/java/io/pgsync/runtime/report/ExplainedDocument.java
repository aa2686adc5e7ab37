package io.pgsync.runtime.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.tree.DocumentTree;
import java.util.Optional;

/**
 * One document as it is stored, and as it would be built now.
 *
 * @param stored as the engine has it, {@code _meta} included; empty where it has none
 * @param built empty where its root is gone
 * @param refusal why what would be built could not be stored
 */
public record ExplainedDocument(
        DocumentTree tree, Optional<JsonNode> stored, Optional<JsonNode> built, Optional<String> refusal) {}
