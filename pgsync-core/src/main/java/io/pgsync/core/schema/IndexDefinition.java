package io.pgsync.core.schema;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code setting}, {@code mapping} and {@code mappings} of a document as written; a missing node if not given. */
public record IndexDefinition(JsonNode setting, JsonNode mapping, JsonNode mappings) {}
