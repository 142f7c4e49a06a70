/**
 * What makes data unfit to train on: one class per rule, each giving findings, never just a
 * boolean.
 */
@NullMarked
package dev.perennial.core.validation;

import org.jspecify.annotations.NullMarked;
