package io.pgsync.runtime.report;

import io.pgsync.core.tree.DocumentTree;

/** One document of the schema file: its tree, and the statement that reads it. */
public record ExplainedTree(DocumentTree tree, String statement) {}
