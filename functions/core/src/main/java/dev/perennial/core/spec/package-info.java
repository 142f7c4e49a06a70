/** The pipeline spec: one YAML file that says everything about one model, read strictly. */
@NullMarked
package dev.perennial.core.spec;

import org.jspecify.annotations.NullMarked;
