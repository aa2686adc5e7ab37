/** Refused documents: their records, the share of them at which a document is set aside, and orders to try them again. */
@NullMarked
package io.pgsync.core.refusal;

import org.jspecify.annotations.NullMarked;
