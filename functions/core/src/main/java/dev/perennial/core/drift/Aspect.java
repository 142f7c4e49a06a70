package dev.perennial.core.drift;

import java.util.Set;

/** What of a column's distribution is compared. */
public enum Aspect {
    /** The shares of all bins, missing values too: the population stability index. */
    SHARES(1),
    /** Whether values lie higher or lower. Numbers only. */
    LOCATION(2),
    /** Whether values lie further apart or closer together. Numbers only. */
    SPREAD(1);

    private final double weight;

    Aspect(double weight) {
        this.weight = weight;
    }

    /**
     * The part of a column's allowance: most that drifts moves its mean, so half is for that, and
     * the others have as much together.
     *
     * @param compared all aspects that the column has
     */
    double part(Set<Aspect> compared) {
        return weight / compared.stream().mapToDouble(each -> each.weight).sum();
    }
}
