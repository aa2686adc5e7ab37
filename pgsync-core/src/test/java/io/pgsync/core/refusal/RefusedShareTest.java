package io.pgsync.core.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusedShareTest {
    private final RefusedShare half = new RefusedShare(RefusedLimit.STANDARD);

    @Test
    void aSmallTableGoesOnWhateverIsRefused() {
        assertThat(add(half, 499, true)).isEmpty();
        assertThat(add(half, 1, true)).isPresent();
    }

    @Test
    void justHalfIsNotTooMuch() {
        add(half, 250, false);

        assertThat(add(half, 250, true)).isEmpty();
        assertThat(add(half, 1, true)).contains("251 of its last 501 documents were refused, more than 50 percent");
    }

    @Test
    void onlyTheLastThousandCount() {
        add(half, 5_000, false);

        assertThat(add(half, 500, true)).isEmpty();
        assertThat(add(half, 1, true)).contains("501 of its last 1,000 documents were refused, more than 50 percent");
    }

    @Test
    void whatWasRefusedLongAgoIsForgotten() {
        add(half, 400, true);
        add(half, 1_000, false);

        assertThat(add(half, 500, true)).isEmpty();
    }

    @Test
    void aHundredPercentIsNoLimit() {
        assertThat(add(new RefusedShare(RefusedLimit.NONE), 3_000, true)).isEmpty();
    }

    @Test
    void aLimitIsAPercentage() {
        assertThatThrownBy(() -> new RefusedLimit(0)).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> new RefusedLimit(101)).hasMessageContaining("1 to 100");
    }

    private static Optional<String> add(RefusedShare share, int documents, boolean refused) {
        Optional<String> last = Optional.empty();
        for (int i = 0; i < documents; i++) {
            last = share.excessWith(refused);
        }
        return last;
    }
}
