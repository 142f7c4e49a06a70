/** EventBridge's default bus, its scheduler, and Lambda's asynchronous invocations. */
@NullMarked
package dev.perennial.local.event;

import org.jspecify.annotations.NullMarked;
