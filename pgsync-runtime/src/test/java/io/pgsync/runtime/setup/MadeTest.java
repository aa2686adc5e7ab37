package io.pgsync.runtime.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class MadeTest {
    private final List<String> removed = new ArrayList<>();
    private final Made made = new Made();

    @Test
    void theNewestIsRemovedFirst() {
        add("publication");
        add("slot");
        add("state");

        remove();

        assertThat(removed).containsExactly("state", "slot", "publication");
    }

    @Test
    void whatCannotBeRemovedKeepsNothingElse() {
        add("publication");
        made.add("slot", Mono.error(new IllegalStateException("is active")));

        remove();

        assertThat(removed).containsExactly("publication");
    }

    private void add(String name) {
        made.add(name, Mono.fromRunnable(() -> removed.add(name)));
    }

    private void remove() {
        StepVerifier.create(made.remove()).verifyComplete();
    }
}
