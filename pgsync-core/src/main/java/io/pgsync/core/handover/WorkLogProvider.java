package io.pgsync.core.handover;

import java.nio.file.Path;
import java.util.Optional;

/** Where logs of work come from. The command line finds it with {@link java.util.ServiceLoader}. */
public interface WorkLogProvider {
    /** The logs at an address. Connects to nothing yet; fails with STOP if the address cannot be one. */
    WorkLogs at(Address address);

    /**
     * Where logs of work are, and what new ones are like.
     *
     * @param servers {@code host:port}, several separated by commas
     * @param client a file with properties of the client, if there is one
     * @param prefix the beginning of all names, for several installations on the same servers
     * @param partitions into which a new log is divided
     */
    record Address(String servers, Optional<Path> client, String prefix, int partitions) {}
}
