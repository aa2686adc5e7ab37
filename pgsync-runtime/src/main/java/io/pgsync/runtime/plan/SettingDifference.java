package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A difference between the settings of an index and those of a new one.
 *
 * @param name of the setting, or of the analyzer, filter and so on that several settings make
 * @param live what the index has; missing if nothing
 * @param wanted what a new index would have; missing if nothing
 * @param body the change of the settings that would make it the same
 */
record SettingDifference(String name, JsonNode live, JsonNode wanted, ObjectNode body) {}
