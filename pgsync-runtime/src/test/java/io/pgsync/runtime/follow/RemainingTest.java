package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.pipeline.NothingLeft;
import io.pgsync.core.pipeline.NothingLeftException;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class RemainingTest {
    private static final NothingLeftException OVER = new NothingLeftException(List.of("books: correct the table"));

    private final Remaining remaining = new Remaining(2);
    private final NothingLeft shop = remaining.of("shop", List.of("old: drop it"));
    private final NothingLeft bank = remaining.of("bank", List.of());

    @Test
    void oneWithoutDocumentsHoldsUpNoOther() {
        StepVerifier.create(shop.after(OVER)).verifyComplete();
        StepVerifier.create(shop.after(OVER)).verifyComplete();
    }

    @Test
    void theLastOneEndsTheRunWithTheAdviceForAll() {
        StepVerifier.create(shop.after(OVER)).verifyComplete();

        StepVerifier.create(bank.after(new NothingLeftException(List.of("accounts: grant it"))))
                .verifyErrorSatisfies(failure -> assertThat(((NothingLeftException) failure).advice())
                        .containsExactly("books: correct the table", "old: drop it", "accounts: grant it"));
    }

    @Test
    void oneThatIsFollowedAgainCountsNoMore() {
        StepVerifier.create(shop.after(OVER)).verifyComplete();
        shop.isOver();

        StepVerifier.create(bank.after(OVER)).verifyComplete();
    }
}
