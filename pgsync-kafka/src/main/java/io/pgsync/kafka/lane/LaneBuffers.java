package io.pgsync.kafka.lane;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.kafka.record.RecordKey;
import io.pgsync.kafka.record.WorkRecord;
import io.pgsync.kafka.record.WorkRecord.Item;
import io.pgsync.kafka.record.WorkRecord.Lookup;
import io.pgsync.kafka.topic.TopicNames;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import reactor.core.publisher.Flux;

/** What was taken of both lanes and of the searches. Filled by the thread that polls; what one poll has found is handed on together. */
final class LaneBuffers {
    private final TopicNames names;
    private final LaneBuffer<TakenRoot> fresh = new LaneBuffer<>();
    private final LaneBuffer<TakenRoot> bulk = new LaneBuffer<>();
    private final LaneBuffer<TakenSearches> searches = new LaneBuffer<>();
    private List<TakenRoot> foundFresh = new ArrayList<>();
    private List<TakenRoot> foundBulk = new ArrayList<>();
    private List<TakenSearches> foundSearches = new ArrayList<>();

    LaneBuffers(TopicNames names) {
        this.names = names;
    }

    Flux<List<TakenRoot>> taken(boolean many) {
        return (many ? bulk : fresh).taken();
    }

    Flux<TakenSearches> searches() {
        return searches.taken().concatMapIterable(found -> found, 1);
    }

    /** Keeps what the record asks for; one that asks for nothing is done. */
    void add(ConsumerRecord<byte[], byte[]> found, WorkRecord record, Runnable done) {
        if (record instanceof Item item) {
            var root = new RootKey(RecordKey.of(found.key()).index(), item.root());
            (found.topic().equals(names.fresh()) ? foundFresh : foundBulk)
                    .add(new TakenRoot(root, item.version(), done));
        } else if (record instanceof Lookup lookup) {
            foundSearches.add(new TakenSearches(lookup.searches(), done));
        } else {
            done.run();
        }
    }

    /** After each poll. */
    void handOn() {
        fresh.add(foundFresh);
        bulk.add(foundBulk);
        searches.add(foundSearches);
        foundFresh = new ArrayList<>();
        foundBulk = new ArrayList<>();
        foundSearches = new ArrayList<>();
    }

    /** Before each poll: partitions of which enough was taken are left out. */
    void pauseOrResume(Consumer<?, ?> consumer, LanePartitions partitions) {
        pauseOrResume(consumer, partitions, names.fresh(), fresh);
        pauseOrResume(consumer, partitions, names.bulk(), bulk);
        pauseOrResume(consumer, partitions, names.lookups(), searches);
    }

    private static void pauseOrResume(
            Consumer<?, ?> consumer, LanePartitions partitions, String topic, LaneBuffer<?> buffer) {
        if (buffer.isFull()) {
            consumer.pause(partitions.ofTopic(topic));
        } else if (buffer.hasRoom()) {
            consumer.resume(partitions.ofTopic(topic));
        }
    }

    void end() {
        fresh.end();
        bulk.end();
        searches.end();
    }

    void fail(Throwable failure) {
        fresh.fail(failure);
        bulk.fail(failure);
        searches.fail(failure);
    }
}
