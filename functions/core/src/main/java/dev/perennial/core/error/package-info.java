/**
 * The three families of failure. A state machine matches a concrete class by its full name, so each
 * failure it reacts to is a class of its own in the package it belongs to; the family says whether
 * trying again can help.
 */
@NullMarked
package dev.perennial.core.error;

import org.jspecify.annotations.NullMarked;
