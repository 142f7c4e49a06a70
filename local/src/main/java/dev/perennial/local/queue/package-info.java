/** SQS on this machine, and what Lambda does between a queue and a function. */
@NullMarked
package dev.perennial.local.queue;

import org.jspecify.annotations.NullMarked;
