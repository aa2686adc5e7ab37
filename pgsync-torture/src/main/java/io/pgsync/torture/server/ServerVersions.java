package io.pgsync.torture.server;

import java.util.Optional;

/** Which servers are started; absent stands for those that the embedded servers prefer. */
public record ServerVersions(Optional<Integer> postgres, Optional<String> elasticsearch) {
    public static final ServerVersions DEFAULT = new ServerVersions(Optional.empty(), Optional.empty());

    /** Names them in the options of {@code pgsync torture}; empty for the default. */
    public String options() {
        var text = new StringBuilder();
        postgres.ifPresent(major -> text.append(" --postgres ").append(major));
        elasticsearch.ifPresent(version -> text.append(" --elasticsearch ").append(version));
        return text.toString();
    }
}
