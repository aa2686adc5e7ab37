package io.pgsync.kafka.log;

import io.pgsync.kafka.control.OwnerRecord;
import java.util.Map;
import java.util.Optional;

/**
 * The topics as an owner finds them.
 *
 * @param identifiers by name
 * @param partitions of each lane, by which documents are divided
 * @param loss what was lost since the earlier owner, in words; empty if nothing that can be seen
 */
record TopicState(Map<String, String> identifiers, int partitions, Optional<String> loss) {
    /** {@code wanted}: partitions of new topics; those on record stay. */
    static TopicState of(OwnerRecord before, Map<String, String> identifiers, int wanted) {
        Optional<String> loss = before.topics().entrySet().stream()
                .filter(then -> !then.getValue().equals(identifiers.get(then.getKey())))
                .map(then -> "topic %s was deleted%s"
                        .formatted(then.getKey(), identifiers.containsKey(then.getKey()) ? " and made anew" : ""))
                .sorted()
                .findFirst();
        return new TopicState(
                identifiers, before.partitions() == 0 || loss.isPresent() ? wanted : before.partitions(), loss);
    }
}
