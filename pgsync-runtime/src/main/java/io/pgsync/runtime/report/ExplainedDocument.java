package io.pgsync.runtime.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.tree.DocumentTree;
import java.util.Optional;

/**
 * One document as it is stored, and as it would be built now.
 *
 * @param stored the engine's document, including {@code _meta}; empty if there is none
 * @param built empty if its root is gone
 * @param refusal why the document that would be built could not be stored
 */
public record ExplainedDocument(
        DocumentTree tree, Optional<JsonNode> stored, Optional<JsonNode> built, Optional<String> refusal) {}
