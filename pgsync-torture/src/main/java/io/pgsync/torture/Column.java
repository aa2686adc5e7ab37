package io.pgsync.torture;

/** A column of a key, or one that refers to it. */
record Column(String name, KeyType type) {}
