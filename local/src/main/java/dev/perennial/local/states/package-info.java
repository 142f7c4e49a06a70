/**
 * Runs AWS Step Functions state machines on this machine: the definition (Amazon States Language
 * with JSONata), the executor, and Step Functions' JSON API over HTTP. What it does not implement
 * it refuses when a definition is parsed. It knows nothing of Lambda or of any other service: tasks
 * are run by a {@link dev.perennial.local.states.TaskRunner}.
 */
@NullMarked
package dev.perennial.local.states;

import org.jspecify.annotations.NullMarked;
