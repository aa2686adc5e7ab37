package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An index as it is to be created: its name, the user's settings for it, and its mappings. */
public record PlannedIndex(String name, ObjectNode settings, ObjectNode mappings) {}
