package io.pgsync.kafka.lane;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How far the lanes are done. Thread-safe. */
public interface LaneProgress {
    /** Whether everything before these offsets is done and committed. */
    boolean isCommitted(Map<TopicPartition, Long> ends);

    /** The offset behind the last search of which the log has all roots, and knows it. */
    long searched();
}
