package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Lookback;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RowTimesTest {
    private static final long DAY = 86_400_000_000L;
    private static final RowTimes DAILY =
            new RowTimes(LongStream.range(0, 100).map(day -> day * DAY).toArray());

    private static TrainingMatrix rows(int rows) {
        float[] values = new float[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = row;
        }
        return new TrainingMatrix(1, values, new Targets(Task.REGRESSION, List.of(), values));
    }

    private static Lookback window(int days) {
        return new Lookback(Optional.of(Duration.ofDays(days)), Optional.empty());
    }

    private static Lookback halfLife(Duration halfLife) {
        return new Lookback(Optional.empty(), Optional.of(halfLife));
    }

    @Test
    void aWindowOfTenDays_hasTheTenNewestDays() {
        TrainingMatrix seen = DAILY.lookBack(window(10), rows(100));

        assertEquals(10, seen.rows());
        assertEquals(90, seen.values()[0]);
        assertEquals(90, seen.targets().values()[0]);
    }

    @Test
    void aWindowLongerThanThePast_hasAllOfIt_unweighted() {
        TrainingMatrix all = rows(100);

        assertSame(all, DAILY.lookBack(window(1_000), all));
        assertSame(all, DAILY.lookBack(Lookback.ALL, all));
    }

    @Test
    void weights_halveWithEachHalfLife_andAreOneInTheMean() {
        float[] weights = DAILY.lookBack(halfLife(Duration.ofDays(7)), rows(100)).weights();

        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        assertEquals(100, sum, 1e-4);
        assertEquals(2, weights[99] / weights[92], 1e-5);
        assertEquals(1 << 14, weights[99] / weights[1], 1);
    }

    @Test
    void theLongestDurationOfASpec_isNoOverflow() {
        Duration longest = Duration.ofDays(7 * 999_999 + 999_999);

        TrainingMatrix seen =
                DAILY.lookBack(new Lookback(Optional.of(longest), Optional.of(longest)), rows(100));

        assertEquals(100, seen.rows());
        assertEquals(1, seen.weights()[0], 1e-4);
    }

    @Test
    void times_areReadAsTheyWereWritten_andDamageIsNamed() {
        assertArrayEquals(DAILY.micros(), RowTimes.fromBytes(DAILY.toBytes()).micros());
        assertThrows(ModelException.class, () -> RowTimes.fromBytes(new byte[9]));
        assertThrows(ModelException.class, () -> DAILY.lookBack(Lookback.ALL, rows(99)));
    }
}
