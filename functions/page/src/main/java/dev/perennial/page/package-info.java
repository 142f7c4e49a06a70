/** HTML pages with pictures: no script, no network, readable on a phone, light and dark. */
@NullMarked
package dev.perennial.page;

import org.jspecify.annotations.NullMarked;
