package io.pgsync.elasticsearch.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.elasticsearch.Engine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The same as {@link KeyFieldsIT}, with what only Elasticsearch leaves out of an index. */
class ElasticsearchKeyFieldsIT {
    @AutoClose
    private final Engine engine = Engine.shared();

    private final KeyedIndex index = new KeyedIndex(engine);

    /** The engine does not note which values a flattened field leaves out. */
    @Test
    void anIndexThatMayHaveLeftKeysOutUnnotedIsNotFollowedAndLoadedAgain() {
        index.make("""
                {"settings": {"index.mapping.ignore_above": 9},
                 "mappings": {"properties": {"_meta": {"type": "flattened"}}}}""");
        index.document("longer than 9");

        index.assertThatItIsFollowedOnlyAfterALoad("longer than 9");
    }

    @Test
    void aKeyThatWasLeftOutByASettingOfTheIndexIsNoticed() {
        index.make("""
                {"settings": {"index.mapping.ignore_above": 9},
                 "mappings": {"properties": {"_meta": {"properties": {"book": {"properties": {"id": {"type": "keyword"}}}}}}}}""");
        index.document("short");
        assertThat(index.reasonToLoad()).isEmpty();

        index.document("longer than 9");

        assertThat(index.reasonToLoad()).isPresent();
        assertThat(index.examined()).isEqualTo(Severity.WARNING);
    }
}
