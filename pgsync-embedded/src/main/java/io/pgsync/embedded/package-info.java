/**
 * Beside the flow: real servers for tests and the demo. Fetches their archives through Maven's resolver, unpacks them once, and runs
 * each as a child process that cannot outlive this JVM. The adapters build their embedded server on it.
 *
 * <p>Needs the optional dependencies MIMA ({@code eu.maveniverse.maven.mima}), commons-compress and xz on the class path.
 */
@NullMarked
package io.pgsync.embedded;

import org.jspecify.annotations.NullMarked;
