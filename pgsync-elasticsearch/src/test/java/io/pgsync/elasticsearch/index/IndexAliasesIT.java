package io.pgsync.elasticsearch.index;

import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.Engine;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class IndexAliasesIT {
    private final Engine engine = Engine.shared();
    private final IndexAliases aliases = new IndexAliases(engine.connection());
    private final String name = engine.freshIndex();
    private final String first = name + "-1";
    private final String second = name + "-2";

    @BeforeEach
    void create() {
        engine.send("PUT", "/" + first, "{}");
        engine.send("PUT", "/" + second, "{}");
    }

    @AfterEach
    void close() {
        engine.send("DELETE", "/" + first + "," + second, "");
        engine.close();
    }

    private Optional<String> index() {
        return aliases.indexOf(name).block(PATIENCE);
    }

    @Test
    void aNameThatIsFreeIsGivenOnceAndToOneIndex() {
        assertThat(index()).isEmpty();

        aliases.claim(name, first).block(PATIENCE);
        aliases.claim(name, first).block(PATIENCE);

        assertThat(index()).contains(first);
        StepVerifier.create(aliases.claim(name, second))
                .verifyErrorSatisfies(failure ->
                        assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP));
    }

    @Test
    void aNameMovesWithItsFilter() {
        engine.send("PUT", "/" + first + "/_alias/" + name, "{\"filter\":{\"term\":{\"a\":1}}}");

        aliases.move(name, second).block(PATIENCE);
        aliases.move(name, second).block(PATIENCE);

        assertThat(index()).contains(second);
        assertThat(engine.send("GET", "/_alias/" + name, "").toString())
                .contains(second, "\"term\"")
                .doesNotContain(first);
    }

    @Test
    void anIndexIsNoAlias() {
        StepVerifier.create(aliases.move(first, second))
                .verifyErrorSatisfies(failure -> assertThat(failure).hasMessageContaining("is an index itself"));
    }
}
