package io.pgsync.core.document;

import java.util.List;
import java.util.Optional;

/**
 * A range of root keys in the source's key order: after {@code after}, up to and including {@code last}; an empty bound
 * is open.
 */
public record KeyRange(Optional<List<String>> after, Optional<List<String>> last) {}
