package io.pgsync.core.catalog;

/** One equality of a join: a column of the upper table (nearer to the root) and one of the lower. */
public record ColumnPair(String upper, String lower) {}
