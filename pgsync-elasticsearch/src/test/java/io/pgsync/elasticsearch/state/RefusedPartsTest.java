package io.pgsync.elasticsearch.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusedPartsTest {
    @Test
    void aLateRequestToDeleteAPartMeetsNoneThatCameAfter() {
        RefusedParts first = RefusedParts.NONE.followedBy("books", 3, ids(1_500));
        RefusedParts second = first.followedBy("books", 3, ids(1_400));
        RefusedParts third = second.followedBy("books", 3, ids(1_500));

        assertThat(third.byName().values())
                .containsExactlyInAnyOrderElementsOf(first.byName().values());
        assertThat(third.byName()).doesNotContainKeys(first.byName().keySet().toArray(String[]::new));
    }

    @Test
    void aPartThatIsThereKeepsItsName() {
        RefusedParts first = RefusedParts.NONE.followedBy("books", 3, ids(20_000));

        assertThat(first.followedBy("books", 4, ids(20_000))).isEqualTo(first);
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj("id-%06d"::formatted).toList();
    }
}
