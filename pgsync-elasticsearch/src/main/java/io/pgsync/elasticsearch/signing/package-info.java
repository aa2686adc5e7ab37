/** What a hosting service adds that wants signed requests: who signs them, and what the service itself answers. */
@NullMarked
package io.pgsync.elasticsearch.signing;

import org.jspecify.annotations.NullMarked;
