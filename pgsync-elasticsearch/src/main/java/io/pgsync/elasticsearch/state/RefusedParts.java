package io.pgsync.elasticsearch.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The ids of refused documents for which a state has no room, in parts that are separate documents. So a state stays
 * small, and one more refused document needs only one part to be written. A part never changes, and no two parts ever
 * have the same name, even if they are equal: a request to delete one may arrive late, or twice, and must delete no
 * other.
 *
 * @param byName sorted ids
 */
record RefusedParts(Map<String, List<String>> byName) {
    static final RefusedParts NONE = new RefusedParts(Map.of());

    /** The number of ids in the state itself, where older versions find them too. */
    static final int IN_STATE = 1_000;

    private static final int IN_PART = 1_000;

    /** The first of {@code ids}, which are in the state itself. */
    static List<String> inState(List<String> ids) {
        return ids.subList(0, Math.min(ids.size(), IN_STATE));
    }

    /** The parts for the rest of {@code ids}; existing equal parts keep their names. */
    RefusedParts followedBy(String index, long generation, List<String> ids) {
        if (ids.size() <= IN_STATE) {
            return NONE;
        }
        Map<List<String>, String> known = new TreeMap<>(RefusedParts::compare);
        byName.forEach((name, part) -> known.put(part, name));
        var next = new LinkedHashMap<String, List<String>>();
        for (List<String> part : divided(ids.subList(IN_STATE, ids.size()))) {
            String name = known.get(part);
            next.put(name == null ? "%s/refused/%d-%s".formatted(index, generation, UUID.randomUUID()) : name, part);
        }
        return new RefusedParts(next);
    }

    /** By the hash of an id, so that a new id leaves the other parts unchanged. */
    private static List<List<String>> divided(List<String> ids) {
        int count = Integer.highestOneBit(Math.max(1, ids.size() / IN_PART * 2));
        var parts = new ArrayList<List<String>>(count);
        for (int i = 0; i < count; i++) {
            parts.add(new ArrayList<>());
        }
        ids.stream()
                .sorted()
                .forEach(id -> parts.get(id.hashCode() & (count - 1)).add(id));
        parts.removeIf(List::isEmpty);
        return parts;
    }

    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    /** These ids together with those of all parts, sorted. */
    List<String> with(List<String> inState) {
        return Stream.concat(inState.stream(), byName.values().stream().flatMap(List::stream))
                .sorted()
                .toList();
    }

    /** The parts that {@code other} does not have. */
    Map<String, List<String>> without(RefusedParts other) {
        var rest = new LinkedHashMap<>(byName);
        rest.keySet().removeAll(other.byName.keySet());
        return rest;
    }
}
