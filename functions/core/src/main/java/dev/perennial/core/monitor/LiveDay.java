package dev.perennial.core.monitor;

import dev.perennial.core.profile.TableProfile;
import java.time.LocalDate;

/**
 * The features of the rows that a version answered on one day, UTC.
 *
 * @param features profile of the features alone
 */
public record LiveDay(LocalDate day, int version, TableProfile features) {}
