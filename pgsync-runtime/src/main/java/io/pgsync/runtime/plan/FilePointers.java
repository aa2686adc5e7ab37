package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.runtime.plan.DocumentFields.Origin;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the place of the schema file that speaks of a field or a setting of the index. */
final class FilePointers {
    private final JsonNode file;
    private final String document;
    private final DocumentFields fields;

    /** {@code document}: the pointer of the document's entry. */
    FilePointers(JsonNode file, String document, DocumentFields fields) {
        this.file = file;
        this.document = document;
        this.fields = fields;
    }

    /** Of a field: its mapping, or else the node whose column it shows. */
    String ofField(String path) {
        Optional<Origin> origin = fields.around(path);
        Optional<String> node = origin.map(found -> found.node().pointer());
        return Stream.of(
                        given(document + "/mapping/properties", path),
                        given(document + "/mapping", path),
                        given(document + "/mappings/properties", path),
                        node.flatMap(pointer -> given(pointer + "/transform/mapping", last(path))),
                        node.filter(pointer -> file.at(pointer).has("columns")).map(pointer -> pointer + "/columns"),
                        node)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(document);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Below {@code mapping}, the deepest place on the way to a field. */
    private Optional<String> given(String mapping, String path) {
        String place = mapping;
        Optional<String> found = Optional.empty();
        for (String name : path.split("\\.", -1)) {
            String step = place + "/" + escaped(name);
            if (file.at(step).isMissingNode()) {
                break;
            }
            found = Optional.of(step);
            place = step + (file.at(step).has("properties") ? "/properties" : "/fields");
        }
        return found;
    }

    /** Of a parameter of the whole mapping. */
    String ofWhole(String name) {
        return Stream.of("/mapping/" + name, "/mappings/" + name)
                .map(place -> document + place)
                .filter(place -> !file.at(place).isMissingNode())
                .findFirst()
                .orElse(document);
    }

    /** Of a setting with {@code index} before its name. */
    String ofSetting(String name) {
        List<String> names = List.of(name.split("\\.", -1));
        return Stream.of(names, names.subList(1, names.size()))
                .map(parts -> within(document + "/setting", parts))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> document + (file.at(document).has("setting") ? "/setting" : ""));
    }

    /** Each dot of a name may separate an object and its member. */
    private Optional<String> within(String place, List<String> parts) {
        if (parts.isEmpty()) {
            return Optional.of(place);
        }
        for (int size = parts.size(); size > 0; size--) {
            String step = place + "/" + escaped(parts.subList(0, size).stream().collect(Collectors.joining(".")));
            if (!file.at(step).isMissingNode()) {
                Optional<String> below = within(step, parts.subList(size, parts.size()));
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
