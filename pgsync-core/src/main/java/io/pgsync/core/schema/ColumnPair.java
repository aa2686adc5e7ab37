package io.pgsync.core.schema;

/** One equality of a join: a column of the upper table (nearer to the root) and one of the lower. */
public record ColumnPair(String upper, String lower) {}
