/** CloudWatch on this machine: metrics out of functions' logs, and alarms over them. */
@NullMarked
package dev.perennial.local.metric;

import org.jspecify.annotations.NullMarked;
