package io.pgsync.elasticsearch;

import org.jspecify.annotations.Nullable;

/**
 * Who answered a request. Proxies, ingresses and login pages on the way speak for themselves at times, in the engine's place and with its
 * status codes. The one place that decides it: what else is to count as the engine is told apart here.
 */
enum Respondent {
    ENGINE,
    /** Whoever it was. It knows nothing of documents, indexes and rights, so it can refuse none of them: it can only delay. */
    STRANGER;

    /** Elasticsearch 8 and 9 set it in every answer but a 413. */
    static final String MARK = "X-Elastic-Product";

    private static final String PRODUCT = "Elasticsearch";

    /**
     * @param mark the value of the header {@link #MARK}; some proxies drop it, which an error in the engine's own form makes up for
     * @param hasEngineError whether the body is such an error
     */
    static Respondent of(@Nullable String mark, boolean hasEngineError) {
        return PRODUCT.equals(mark) || hasEngineError ? ENGINE : STRANGER;
    }
}
