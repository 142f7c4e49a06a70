package dev.perennial.core.monitor;

import dev.perennial.core.profile.TableProfile;
import java.time.LocalDate;

/**
 * The labels that came on one day, UTC.
 *
 * @param labels profile of their values
 */
public record LabelDay(LocalDate day, TableProfile labels) {}
