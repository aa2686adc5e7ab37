package io.pgsync.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The account that runs the servers when this process is root: PostgreSQL and Elasticsearch both refuse to run as root. */
record ServerUser(String name, int uid, int gid) {

    private static final Path ACCOUNTS = Path.of("/etc/passwd");
    private static final List<String> PREFERRED = List.of("postgres", "nobody");

    /** Empty if this process is not root: the servers then run as the user of this process. */
    static Optional<ServerUser> unprivileged() {
        if (!"root".equals(System.getProperty("user.name")) || !Files.isReadable(ACCOUNTS)) {
            return Optional.empty();
        }
        return Optional.of(PREFERRED.stream()
                .flatMap(ServerUser::named)
                .findFirst()
                .orElseThrow(
                        () -> new EmbeddedServerException("The servers refuse to run as root and none of the users "
                                + PREFERRED + " exists. Create one of them, or start as an ordinary user")));
    }

    private static Stream<ServerUser> named(String name) {
        try (Stream<String> lines = Files.lines(ACCOUNTS, StandardCharsets.ISO_8859_1)) {
            return lines
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 3 && fields[0].equals(name))
                    .map(fields -> new ServerUser(name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes this user the owner of a directory and everything below it. */
    void own(Path directory) throws IOException {
        var principals = directory.getFileSystem().getUserPrincipalLookupService();
        var owner = principals.lookupPrincipalByName(Integer.toString(uid));
        var group = principals.lookupPrincipalByGroupName(Integer.toString(gid));
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) tree::iterator) {
                var attributes =
                        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                attributes.setOwner(owner);
                attributes.setGroup(group);
            }
        }
    }
}
