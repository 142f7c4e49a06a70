/**
 * What happens by itself in a stack: schedules, queues, events, alarms; in real or in simulated
 * time.
 */
@NullMarked
package dev.perennial.local.live;

import org.jspecify.annotations.NullMarked;
