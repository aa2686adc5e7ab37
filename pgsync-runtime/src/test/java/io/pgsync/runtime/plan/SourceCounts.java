package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.runtime.source.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A source with 100 roots, of which 7 match any condition, and 9 rows. */
final class SourceCounts implements PlanSource {
    final List<String> conditions = new ArrayList<>();

    private final TableDefinition[] tables;

    SourceCounts(TableDefinition... tables) {
        this.tables = tables;
    }

    @Override
    public Mono<Long> roots(Database database, DocumentTree tree, Optional<String> condition) {
        condition.ifPresent(conditions::add);
        return Mono.just(condition.isPresent() ? 7L : 100L);
    }

    @Override
    public Mono<Long> rows(Database database, DocumentTree tree, String condition) {
        conditions.add(condition);
        return Mono.just(9L);
    }

    @Override
    public Mono<DocumentTree> treeOf(Database database, String index, LoadedDefinition definition) {
        ObjectNode entry =
                JsonNodeFactory.instance.objectNode().put("database", "shop").put("index", index);
        entry.setAll(Postgres.withColumns(definition));
        return Mono.fromSupplier(
                        () -> Trees.documents("[" + entry + "]", tables).get(0))
                .onErrorResume(failure -> Mono.empty());
    }
}
