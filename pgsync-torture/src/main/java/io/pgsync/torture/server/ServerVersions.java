package io.pgsync.torture.server;

import io.pgsync.embedded.elasticsearch.EngineFamily;
import java.util.Locale;
import java.util.Optional;

/** Which servers are started; absent stands for those that the embedded servers prefer. */
public record ServerVersions(Optional<Integer> postgres, EngineFamily engine, Optional<String> engineVersion) {
    public static final ServerVersions DEFAULT =
            new ServerVersions(Optional.empty(), EngineFamily.ELASTICSEARCH, Optional.empty());

    /** Names them in the options of {@code pgsync torture}; empty for the default. */
    public String options() {
        var text = new StringBuilder();
        postgres.ifPresent(major -> text.append(" --postgres ").append(major));
        engineVersion.ifPresent(version -> text.append(" --")
                .append(engine.name().toLowerCase(Locale.ROOT))
                .append(' ')
                .append(version));
        return text.toString();
    }
}
