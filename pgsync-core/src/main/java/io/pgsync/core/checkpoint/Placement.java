package io.pgsync.core.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the documents of a name in the schema file are stored: the name is an alias of this index, so that another index
 * can take its place. A name without a placement is that of its index.
 *
 * @param name as the schema file has it
 * @param index the one that has the alias, or is to get it
 * @param reindex if another index is followed beside it
 * @param definitions the entries of the schema file with which indexes are followed, by index, where the file may say
 *     something else: during a reindex, and after it until the file has the new definition
 * @param former the entry that a reindex has replaced: a schema file that still has it is out of date
 * @param obsolete indexes that nobody follows any more, to be deleted
 */
public record Placement(
        String name,
        String index,
        Optional<Reindex> reindex,
        Map<String, JsonNode> definitions,
        Optional<JsonNode> former,
        List<String> obsolete) {
    public Placement {
        definitions = Map.copyOf(definitions);
        obsolete = List.copyOf(obsolete);
    }

    /** Of a name whose documents are in this index and in no other. */
    public static Placement of(String name, String index) {
        return new Placement(name, index, Optional.empty(), Map.of(), Optional.empty(), List.of());
    }

    /**
     * Another index of the same documents.
     *
     * @param other the index that has not got the alias
     * @param operator who asked for it: a number of its own for each command
     * @param keep how long the former index is followed after it was replaced
     * @param replaced when the other index was replaced by the one that has the alias now
     * @param trouble why it does not go on
     */
    public record Reindex(
            String other,
            Phase phase,
            String operator,
            Instant began,
            Duration keep,
            Optional<Instant> replaced,
            Optional<String> trouble) {
        Reindex with(String next, Phase then, Optional<Instant> at) {
            return new Reindex(next, then, operator, began, keep, at, Optional.empty());
        }
    }

    /** How far a reindex is. */
    public enum Phase {
        /** The other index is being created; only the first one is followed. */
        PREPARING,
        /** The first index is not behind an alias yet; it is moved there before the other one is loaded. */
        MOVING,
        /** The other index is loaded, to take the place of the first. */
        LOADING,
        /** It has taken that place. The former index is the other one now, and followed on. */
        REPLACED,
        /** The former index has its place again. The other one is followed on. */
        ROLLED_BACK
    }

    /** The indexes that a run follows, first the one with the alias. */
    public List<String> followed() {
        return Stream.concat(
                        Stream.of(index),
                        reindex.filter(now -> now.phase().compareTo(Phase.LOADING) >= 0).map(Reindex::other).stream())
                .toList();
    }

    /** With another index of the same documents; {@code definitions} are those of both. */
    public Placement with(Reindex begun, Map<String, JsonNode> definitionsOfBoth) {
        return new Placement(name, index, Optional.of(begun), definitionsOfBoth, Optional.empty(), obsolete);
    }

    /** The same reindex in another phase, which does not change who has the alias. */
    public Placement in(Phase phase) {
        Reindex now = reindex.orElseThrow();
        return new Placement(
                name, index, Optional.of(now.with(now.other(), phase, now.replaced())), definitions, former, obsolete);
    }

    /** With a reason why the reindex does not go on; none if it does. */
    public Placement troubled(Optional<String> why) {
        return new Placement(
                name,
                index,
                reindex.map(now -> new Reindex(
                        now.other(), now.phase(), now.operator(), now.began(), now.keep(), now.replaced(), why)),
                definitions,
                former,
                obsolete);
    }

    /** The index was moved behind the alias, and is called {@code moved} now. */
    public Placement moved(String moved) {
        var renamed = new HashMap<>(definitions);
        JsonNode definition = renamed.remove(index);
        if (definition != null) {
            renamed.put(moved, definition);
        }
        return new Placement(
                name,
                moved,
                reindex.map(now -> now.with(now.other(), Phase.LOADING, now.replaced())),
                renamed,
                former,
                obsolete);
    }

    /** The other index takes the place of the one that has the alias. */
    public Placement swapped(Phase phase, Optional<Instant> at) {
        Reindex now = reindex.orElseThrow();
        return new Placement(name, now.other(), Optional.of(now.with(index, phase, at)), definitions, former, obsolete);
    }

    /** The other index is not followed any more, and is to be deleted. */
    public Placement ended() {
        Reindex now = reindex.orElseThrow();
        boolean isReplaced = now.phase() == Phase.REPLACED;
        JsonNode own = definitions.get(index);
        return new Placement(
                name,
                index,
                Optional.empty(),
                own == null || !isReplaced ? Map.of() : Map.of(index, own),
                isReplaced ? Optional.ofNullable(definitions.get(now.other())) : Optional.empty(),
                Stream.concat(obsolete.stream(), Stream.of(now.other())).toList());
    }

    /** Nothing is left to be deleted. */
    public Placement cleared() {
        return new Placement(name, index, reindex, definitions, former, List.of());
    }
}
