/** When schedules are due: EventBridge Scheduler's cron and rate expressions. Knows no clock. */
@NullMarked
package dev.perennial.local.schedule;

import org.jspecify.annotations.NullMarked;
