package io.pgsync.runtime.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.elasticsearch.lookup.StoredCopy;
import io.pgsync.elasticsearch.lookup.WrittenIds.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Documents as the index has them. */
final class CopiesInMemory {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TreeMap<String, StoredCopy> byId = new TreeMap<>();
    private int writes;

    void write(String id, String document) {
        byId.put(id, new StoredCopy(id, "write " + ++writes, 1, Optional.of(json(document))));
    }

    /** On another shard too. */
    void duplicate(String id) {
        StoredCopy copy = byId.get(id);
        byId.put(id, new StoredCopy(id, copy.mark() + " twice", 2, copy.source()));
    }

    void delete(String id) {
        byId.remove(id);
    }

    boolean has(String id) {
        return byId.containsKey(id);
    }

    List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    long lastWrite() {
        return numbers().isEmpty() ? -1 : numbers().lastKey();
    }

    Page written(long from, long to, int size) {
        var found = new ArrayList<>(numbers().subMap(from, true, to, true).entrySet());
        List<String> ids = found.stream().limit(size).map(Map.Entry::getValue).toList();
        return new Page(ids, found.size() > size ? found.get(size).getKey() : to + 1);
    }

    /** A copy's mark ends with its write number. */
    private TreeMap<Long, String> numbers() {
        var numbers = new TreeMap<Long, String>();
        byId.values().forEach(copy -> numbers.put(Long.parseLong(copy.mark().split(" ")[1]), copy.id()));
        return numbers;
    }

    Map<String, StoredCopy> found(Collection<String> ids, boolean withSource) {
        return ids.stream()
                .distinct()
                .filter(byId::containsKey)
                .map(byId::get)
                .map(copy ->
                        withSource ? copy : new StoredCopy(copy.id(), copy.mark(), copy.copies(), Optional.empty()))
                .collect(Collectors.toMap(StoredCopy::id, copy -> copy));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
