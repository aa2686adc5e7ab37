package io.pgsync.torture.tree;

/** A column of a key, or one that refers to it. */
public record Column(String name, KeyType type) {}
