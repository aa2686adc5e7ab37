package io.pgsync.elasticsearch.examination;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Mono;

/** Whether the disks have room for an index of the size of another one. */
public final class SecondIndexRoom {
    private final ElasticsearchConnection connection;

    public SecondIndexRoom(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /**
     * What is missing, in words; an empty Optional if there is room, or if nothing tells: services may hide their
     * disks. {@code index}: the one that is there, whose replicas count too.
     */
    public Mono<Optional<String>> lackFor(String index) {
        return Mono.zip(size(index), spare())
                .map(found -> lack(index, found.getT1(), found.getT2()))
                .onErrorReturn(EngineExamination::isNotOffered, Optional.empty());
    }

    private static Optional<String> lack(String index, long bytes, List<OptionalLong> spare) {
        if (spare.isEmpty() || spare.stream().anyMatch(OptionalLong::isEmpty)) {
            return Optional.empty();
        }
        long room = spare.stream().mapToLong(OptionalLong::getAsLong).sum();
        return bytes <= room
                ? Optional.empty()
                : Optional.of(
                        "Index \"%s\" has %,d MB with its replicas, and below the low watermark the disks have room for %,d MB."
                                .formatted(index, bytes >> 20, room >> 20));
    }

    private Mono<Long> size(String index) {
        return get(Paths.index(index) + "/_stats/store")
                .map(answer -> answer.at("/_all/total/store/size_in_bytes").asLong());
    }

    private Mono<List<OptionalLong>> spare() {
        return get("/_cluster/settings?include_defaults=true&flat_settings=true")
                .map(DiskWatermarks::new)
                .flatMap(watermarks -> get("/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total")
                        .map(answer -> answer.path("nodes")
                                .valueStream()
                                .map(watermarks::spare)
                                .toList()));
    }

    private Mono<JsonNode> get(String path) {
        return connection.repeatable("answer GET " + path, new Request("GET", path));
    }
}
