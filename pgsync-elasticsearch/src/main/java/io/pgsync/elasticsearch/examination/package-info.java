/** What an operator should know of an engine before and while pgsync uses it; changes nothing. */
@NullMarked
package io.pgsync.elasticsearch.examination;

import org.jspecify.annotations.NullMarked;
