package io.pgsync.embedded;

/** The Maven coordinates of a server distribution. */
public record ServerArchive(String groupId, String artifactId, String version, String extension) {

    /** The name under which the unpacked distribution is cached. */
    String directoryName() {
        return artifactId + "-" + version;
    }

    /** The coordinates as Maven's resolver reads them: {@code group:artifact:extension:version}. */
    @Override
    public String toString() {
        return String.join(":", groupId, artifactId, extension, version);
    }
}
