/** The tour: real servers, a book shop, and changes that are shown as they arrive, each checked against plain queries. */
@NullMarked
package io.pgsync.cli.demo;

import org.jspecify.annotations.NullMarked;
