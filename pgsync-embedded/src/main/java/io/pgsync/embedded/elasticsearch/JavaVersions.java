package io.pgsync.embedded.elasticsearch;

/** Majors of Java. */
record JavaVersions(int oldest, int newest) {
    static JavaVersions from(int oldest) {
        return new JavaVersions(oldest, Integer.MAX_VALUE);
    }

    boolean contain(int major) {
        return oldest <= major && major <= newest;
    }

    @Override
    public String toString() {
        return newest == Integer.MAX_VALUE ? oldest + " or newer" : oldest + " to " + newest;
    }
}
