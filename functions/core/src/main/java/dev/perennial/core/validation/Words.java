package dev.perennial.core.validation;

import java.util.Locale;

/** How findings write numbers. */
final class Words {
    private Words() {}

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
