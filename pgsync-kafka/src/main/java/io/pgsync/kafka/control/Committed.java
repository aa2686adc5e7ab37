package io.pgsync.kafka.control;

/**
 * How far a partition is done.
 *
 * @param offset of the first record that is not
 * @param seen the numbers of the records before it, see {@link io.pgsync.kafka.continuity.Continuity#text}
 */
public record Committed(long offset, String seen) {}
