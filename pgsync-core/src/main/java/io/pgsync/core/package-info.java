/**
 * The stages between a committed change and a stored document, connected by the pipeline; knows no database and no
 * search engine.
 *
 * <p>API: the values and ports of the stages, {@link io.pgsync.core.change}, {@link io.pgsync.core.affected},
 * {@link io.pgsync.core.document}, {@link io.pgsync.core.sink}, {@link io.pgsync.core.refusal},
 * {@link io.pgsync.core.checkpoint}, {@link io.pgsync.core.handover}, {@link io.pgsync.core.lease}, {@link io.pgsync.core.audit}; the flow over them, {@link io.pgsync.core.pipeline}, {@link io.pgsync.core.window} and {@link io.pgsync.core.version}; the schema file and its tables,
 * {@link io.pgsync.core.schema}, {@link io.pgsync.core.catalog}, {@link io.pgsync.core.tree},
 * {@link io.pgsync.core.transform}, {@link io.pgsync.core.mapping}; and for all users {@link io.pgsync.core.failure}
 * and {@link io.pgsync.core.freshness}. This is the whole module.
 */
@NullMarked
package io.pgsync.core;

import org.jspecify.annotations.NullMarked;
