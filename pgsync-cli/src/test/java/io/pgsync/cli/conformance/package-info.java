/** Fixtures run through the real commands and servers; every document compared with the truth. */
package io.pgsync.cli.conformance;
