package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.TreeNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IndexMappingsTest {
    private static final Optional<ObjectNode> DYNAMIC = Optional.empty();

    private final TreeNode review = Trees.node(
            "review",
            Trees.json("{\"mapping\":{\"text\":{\"type\":\"keyword\",\"ignore_above\":5}}}"),
            List.of("id"),
            List.of());
    private final TreeNode book = Trees.node(
            "book", Trees.json("{\"mapping\":{\"id\":{\"type\":\"long\"}}}"), List.of("id"), List.of(review));

    @Test
    void nodesMapTheirFieldsBelowTheirLabels() {
        assertThat(mappings("", "", Optional.of("id"), DYNAMIC)).isEqualTo("""
                        {"properties":{"review":{"properties":{"text":{"type":"keyword","ignore_above":5}}},"id":{"type":"long"}},\
                        "_routing":{"required":true}}""");
    }

    @Test
    void mappingAndMappingsAndNodesAreMerged() {
        assertThat(mappings(
                        "{\"review\":{\"type\":\"nested\"},\"id\":{\"type\":\"integer\"}}",
                        "{\"dynamic\":\"strict\",\"properties\":{\"id\":{\"type\":\"short\"},\"t\":{\"type\":\"ip\"}}}",
                        Optional.empty(),
                        DYNAMIC))
                .isEqualTo("""
                        {"properties":{"review":{"properties":{"text":{"type":"keyword","ignore_above":5}},"type":"nested"},\
                        "id":{"type":"integer"},"t":{"type":"ip"}},"dynamic":"strict"}""");
    }

    @Test
    void whatTheUserSaysOfAFieldReplacesWhatItsColumnSuggests() {
        var derived =
                (ObjectNode) Trees.json("{\"id\":{\"type\":\"text\",\"fields\":{}},\"price\":{\"type\":\"double\"}}");

        String mappings = mappings("", "", Optional.empty(), Optional.of(derived));

        assertThat(mappings)
                .startsWith("{\"properties\":{\"id\":{\"type\":\"long\"},\"price\":{\"type\":\"double\"},\"_meta\":"
                        + "{\"type\":\"object\",\"dynamic\":true}")
                .contains("\"dynamic_templates\":[{\"pgsync_meta\":{\"path_match\":\"_meta.*.*\","
                        + "\"mapping\":{\"type\":\"keyword\"}}}]");
    }

    @Test
    void aMappingWithTemplatesIsAWholeBodyAndOursForMetaComesFirst() {
        String mappings = IndexMappings.of(
                        Trees.tree(
                                "books",
                                Trees.node("book", MissingNode.getInstance(), List.of("id"), List.of()),
                                "{\"dynamic_templates\":[{\"all\":{\"mapping\":{\"type\":\"long\"}}}],"
                                        + "\"properties\":{\"t\":{\"type\":\"ip\"}}}",
                                "",
                                Optional.empty()),
                        Optional.of((ObjectNode) Trees.json("{}")))
                .toString();

        assertThat(mappings).contains("\"t\":{\"type\":\"ip\"}").doesNotContain("\"dynamic_templates\":{");
        assertThat(mappings.indexOf("pgsync_meta")).isBetween(0, mappings.indexOf("\"all\""));
    }

    private String mappings(String mapping, String mappings, Optional<String> routing, Optional<ObjectNode> derived) {
        return IndexMappings.of(Trees.tree("books", book, mapping, mappings, routing), derived)
                .toString();
    }
}
