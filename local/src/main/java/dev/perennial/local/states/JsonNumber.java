package dev.perennial.local.states;

import java.io.Serial;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * A number of the input that JSONata only carries from one place to another: it calculates with the
 * double and prints like JavaScript, but leaves the expression with the digits it entered with.
 */
final class JsonNumber extends Number implements Comparable<JsonNumber> {
    @Serial private static final long serialVersionUID = 1L;

    private final BigDecimal exact;

    JsonNumber(BigDecimal exact) {
        this.exact = exact;
    }

    BigDecimal exact() {
        return exact;
    }

    @Override
    public int intValue() {
        return exact.intValue();
    }

    @Override
    public long longValue() {
        return (long) exact.doubleValue();
    }

    @Override
    public float floatValue() {
        return exact.floatValue();
    }

    @Override
    public double doubleValue() {
        return exact.doubleValue();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Number n && n.doubleValue() == doubleValue();
    }

    @Override
    public int hashCode() {
        return Double.hashCode(doubleValue());
    }

    /** The engine compares two numbers of the same class with this. */
    @Override
    public int compareTo(JsonNumber other) {
        return Double.compare(doubleValue(), other.doubleValue());
    }

    /** As {@code $string} prints it: 15 digits, no fraction where there is none. */
    @Override
    public String toString() {
        double value = doubleValue();
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return new BigDecimal(value, new MathContext(15))
                .stripTrailingZeros()
                .toString()
                .replace('E', 'e');
    }
}
