package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import reactor.core.publisher.Mono;

/**
 * The version of the node that answers, from the nodes' own information: {@code GET /} may be forbidden, and tells
 * another version in compatibility mode.
 */
record EngineVersion(String number) {
    private static final int OLDEST = 8;

    static Mono<EngineVersion> of(ElasticsearchConnection connection) {
        return connection
                .json("tell its version", new Request("GET", "/_nodes/_local?filter_path=nodes.*.version"))
                .map(answer -> answer.findPath("version").asText())
                .filter(number -> !number.isEmpty())
                .switchIfEmpty(Mono.error(EngineVersion::untold))
                .map(EngineVersion::new);
    }

    /** The node that was asked may be leaving its cluster, or may not know itself yet. */
    private static SyncException untold() {
        return new SyncException(
                Remedy.RETRY,
                "Elasticsearch did not tell its version: its answer to GET /_nodes/_local names no node. Look at the state of the cluster if this lasts.");
    }

    boolean isSupported() {
        return major() >= OLDEST;
    }

    private int major() {
        String digits = number.substring(0, Math.max(0, number.indexOf('.')));
        return digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : 0;
    }

    Finding finding() {
        return isSupported()
                ? Finding.fine("version", "Elasticsearch " + number)
                : Finding.problem(
                        "version",
                        "Elasticsearch " + number + " is too old",
                        "Upgrade it to version " + OLDEST + " or 9");
    }
}
