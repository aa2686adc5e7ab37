/**
 * Requests signed for Amazon OpenSearch Service. {@link io.pgsync.aws.AwsSigners} makes the signers, which
 * {@code Authentication.Signed} of pgsync-elasticsearch takes.
 *
 * <p>API: this package.
 */
@NullMarked
package io.pgsync.aws;

import org.jspecify.annotations.NullMarked;
