package io.pgsync.elasticsearch.index;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Removes and adds aliases of an index, all in one step or none. {@code index} is not an alias. */
record AliasChange(String index, ArrayNode actions) {
    AliasChange(String index) {
        this(index, JsonNodeFactory.instance.arrayNode());
    }

    /** With {@code must}, the whole change fails if the alias is missing. */
    AliasChange remove(String alias, boolean must) {
        action("remove", alias).put("must_exist", must);
        return this;
    }

    AliasChange addHidden(String alias) {
        action("add", alias).put("is_hidden", true);
        return this;
    }

    private ObjectNode action(String name, String alias) {
        return actions.addObject().putObject(name).put("index", index).put("alias", alias);
    }

    Request request() {
        var request = new Request("POST", "/_aliases");
        request.setJsonEntity(JsonNodeFactory.instance
                .objectNode()
                .<ObjectNode>set("actions", actions)
                .toString());
        return request;
    }
}
