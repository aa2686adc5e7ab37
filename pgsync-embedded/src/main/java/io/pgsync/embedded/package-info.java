/**
 * Beside the flow: real servers for tests and the demo. Fetches their archives through Maven's resolver, unpacks them once, and runs
 * each as a child process that cannot outlive this JVM.
 *
 * <p>API: this package, {@link io.pgsync.embedded.postgres}, {@link io.pgsync.embedded.elasticsearch} and {@link io.pgsync.embedded.kafka}. That is the whole module.
 */
@NullMarked
package io.pgsync.embedded;

import org.jspecify.annotations.NullMarked;
