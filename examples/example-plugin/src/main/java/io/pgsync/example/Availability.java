package io.pgsync.example;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.document.DocumentPlugin;
import java.util.Optional;

/** Says of each product whether it can be bought, and keeps hidden ones out of the index. */
public final class Availability implements DocumentPlugin {
    @Override
    public String name() {
        return "Availability";
    }

    @Override
    public Optional<ObjectNode> transform(Draft draft) {
        ObjectNode product = draft.document();
        if (product.path("hidden").asBoolean()) {
            return Optional.empty();
        }
        return Optional.of(product.put("available", product.path("stock").asInt() > 0));
    }
}
