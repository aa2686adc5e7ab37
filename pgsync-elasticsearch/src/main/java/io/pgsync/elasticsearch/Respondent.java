package io.pgsync.elasticsearch;

import org.jspecify.annotations.Nullable;

/**
 * Who answered a request. Proxies, ingresses and login pages on the way sometimes answer in place of the engine, with
 * its status codes. Only this type decides who it was: any new sign of the engine belongs here.
 */
enum Respondent {
    ENGINE,
    /**
     * Anybody else. A stranger knows nothing about documents, indexes and rights, so it cannot refuse them, only delay
     * them.
     */
    STRANGER;

    /** Elasticsearch 8 and 9 set it in every answer except a 413. */
    static final String MARK = "X-Elastic-Product";

    private static final String PRODUCT = "Elasticsearch";

    /**
     * @param mark the value of the header {@link #MARK}; some proxies remove it, but then an error in the engine's own
     *     form is enough
     * @param hasEngineError whether the body is such an error
     */
    static Respondent of(@Nullable String mark, boolean hasEngineError) {
        return PRODUCT.equals(mark) || hasEngineError ? ENGINE : STRANGER;
    }
}
