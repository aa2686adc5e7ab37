package io.pgsync.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.index.Generations;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the stub answers to requests about the aliases, the write block and the two shards of its one index. */
public final class StubAliases {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private boolean blocked;
    private boolean silentAboutOldBlocks;
    private int shardsAsked;
    private final Set<String> aliases = new TreeSet<>(Set.of(Generations.alias("books", 1)));

    /** Empty when the request is about something else. */
    public synchronized Optional<Reply> answer(String method, String path, String body) {
        if (path.equals("/books/_search_shards")) {
            return Optional.of(shards());
        }
        if (path.equals("/_aliases")) {
            return Optional.of(change(body));
        }
        if (path.equals("/books/_alias")) {
            String all = aliases.stream().map("\"%s\":{}"::formatted).collect(Collectors.joining(","));
            return Optional.of(new Reply(200, "{\"books\":{\"aliases\":{" + all + "}}}"));
        }
        if (path.startsWith("/books/_settings") && method.equals("GET")) {
            return Optional.of(new Reply(200, """
                    {"books":{"settings":{"index.uuid":"u","index.blocks.write":"%s"}}}""".formatted(blocked)));
        }
        if (path.startsWith("/books/_block") && blocked && silentAboutOldBlocks) {
            return Optional.of(new Reply(200, "{\"acknowledged\":true,\"shards_acknowledged\":false,\"indices\":[]}"));
        }
        if (path.startsWith("/books/_settings") || path.startsWith("/books/_block")) {
            blocked = path.startsWith("/books/_block") || body.contains("true");
        }
        return path.startsWith("/books/_settings") || path.startsWith("/books/_block")
                ? Optional.of(new Reply(200, "{\"acknowledged\":true,\"shards_acknowledged\":true,\"indices\":[]}"))
                : Optional.empty();
    }

    public synchronized Set<String> names() {
        return Set.copyOf(aliases);
    }

    public synchronized void set(String... names) {
        aliases.clear();
        aliases.addAll(List.of(names));
    }

    public synchronized boolean isBlocked() {
        return blocked;
    }

    /** As OpenSearch, which does not tell of a block that was there whether older writes are over. */
    public synchronized void beSilentAboutOldBlocks() {
        silentAboutOldBlocks = true;
    }

    public synchronized void setBlocked(boolean blocked) {
        this.blocked = blocked;
    }

    /** First both, then in turn the shards that routing values lead to. */
    private Reply shards() {
        String shard = "[{\"index\":\"books\",\"primary\":true,\"state\":\"STARTED\",\"node\":\"n\",\"shard\":%d}]";
        String groups =
                shardsAsked == 0 ? shard.formatted(0) + "," + shard.formatted(1) : shard.formatted(shardsAsked % 2);
        shardsAsked++;
        return new Reply(200, "{\"nodes\":{},\"indices\":{},\"shards\":[" + groups + "]}");
    }

    private Reply change(String body) {
        try {
            JsonNode actions = JSON.readTree(body).path("actions");
            boolean effective = false;
            for (JsonNode action : actions) {
                JsonNode removal = action.path("remove");
                boolean exists = aliases.contains(removal.path("alias").asText());
                effective |= exists || action.has("add");
                if (removal.path("must_exist").asBoolean() && !exists) {
                    return missing();
                }
            }
            if (!effective) {
                return missing();
            }
            for (JsonNode action : actions) {
                aliases.remove(action.at("/remove/alias").asText());
                if (action.has("add")) {
                    aliases.add(action.at("/add/alias").asText());
                }
            }
            return new Reply(200, "{\"acknowledged\":true,\"errors\":false}");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply missing() {
        return new Reply(404, "{\"error\":{\"type\":\"aliases_not_found_exception\",\"reason\":\"r\"},\"status\":404}");
    }
}
