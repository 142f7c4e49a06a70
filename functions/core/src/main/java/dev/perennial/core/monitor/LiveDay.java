package dev.perennial.core.monitor;

import dev.perennial.core.profile.TableProfile;
import java.time.LocalDate;

/**
 * The rows that a version answered on one day, UTC.
 *
 * @param profile of the features and of what was predicted
 */
public record LiveDay(LocalDate day, int version, TableProfile profile) {}
