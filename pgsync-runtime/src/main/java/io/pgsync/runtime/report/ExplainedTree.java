package io.pgsync.runtime.report;

import io.pgsync.core.tree.DocumentTree;

/**
 * One document of the schema file.
 *
 * @param tree the tree, checked against the tables
 * @param statement the statement that reads all documents, without parameters
 */
public record ExplainedTree(DocumentTree tree, String statement) {}
