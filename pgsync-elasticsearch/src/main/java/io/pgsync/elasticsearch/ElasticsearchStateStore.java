package io.pgsync.elasticsearch;

/** x. */
public final class ElasticsearchStateStore {
    static final String INDEX = "pgsync_state";
}
