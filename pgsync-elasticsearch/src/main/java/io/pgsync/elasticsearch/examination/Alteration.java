package io.pgsync.elasticsearch.examination;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A change of an index that is there.
 *
 * @param api where it is sent, below the index
 */
public record Alteration(String api, ObjectNode body) {
    /** A change of mappings. */
    public static Alteration ofMappings(ObjectNode body) {
        return new Alteration("_mapping", body);
    }

    /** A change of settings, by their full names; null takes a setting away. */
    public static Alteration ofSettings(ObjectNode body) {
        return new Alteration("_settings", body);
    }

    /** Both together; they must be sent to the same place. */
    public Alteration and(Alteration other) {
        ObjectNode together = body.deepCopy();
        merge(together, other.body());
        return new Alteration(api, together);
    }

    private static void merge(ObjectNode target, ObjectNode more) {
        more.properties().forEach(member -> {
            if (target.get(member.getKey()) instanceof ObjectNode known
                    && member.getValue() instanceof ObjectNode further) {
                merge(known, further);
            } else {
                target.set(member.getKey(), member.getValue().deepCopy());
            }
        });
    }
}
