package dev.perennial.local.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.local.template.AlarmResource;
import dev.perennial.local.template.AlarmResource.Comparison;
import dev.perennial.local.template.AlarmResource.MissingData;
import dev.perennial.local.template.AlarmResource.Statistic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tables of CloudWatch's User Guide, "How alarm state is evaluated when data is missing": an
 * evaluation range of five, the oldest first; X breaches, 0 doesn't, - is missing.
 */
class EvaluationTest {
    private static final String KEPT = "KEPT";

    private static String state(
            int datapointsToAlarm, String range, MissingData missing, AlarmState current) {
        AlarmResource alarm =
                new AlarmResource(
                        "a",
                        "",
                        "n",
                        "m",
                        Map.of(),
                        Statistic.Maximum,
                        Duration.ofMinutes(1),
                        3,
                        datapointsToAlarm,
                        10,
                        Comparison.GreaterThanThreshold,
                        missing,
                        List.of(),
                        List.of());
        List<Optional<Double>> newestFirst = new ArrayList<>();
        for (String each : range.split(" ")) {
            newestFirst.addFirst(
                    switch (each) {
                        case "X" -> Optional.of(11.0);
                        case "0" -> Optional.of(10.0);
                        default -> Optional.empty();
                    });
        }
        return new Evaluation(alarm, newestFirst).state(current).name();
    }

    private static String everyway(int datapointsToAlarm, String range, MissingData missing) {
        String fromOk = state(datapointsToAlarm, range, missing, AlarmState.OK);
        String fromAlarm = state(datapointsToAlarm, range, missing, AlarmState.ALARM);
        return fromOk.equals(fromAlarm) ? fromOk : KEPT;
    }

    @ParameterizedTest
    @CsvSource({
        "0 - X - X, OK, OK, OK, OK",
        "0 - - - -, OK, OK, OK, OK",
        "- - - - -, INSUFFICIENT_DATA, KEPT, ALARM, OK",
        "0 X X - X, ALARM, ALARM, ALARM, ALARM",
        "- - X - -, ALARM, KEPT, ALARM, OK"
    })
    void threeOutOfThree_isAsInTheGuide(
            String range, String missing, String ignore, String breaching, String notBreaching) {
        assertEquals(missing, everyway(3, range, MissingData.missing));
        assertEquals(ignore, everyway(3, range, MissingData.ignore));
        assertEquals(breaching, everyway(3, range, MissingData.breaching));
        assertEquals(notBreaching, everyway(3, range, MissingData.notBreaching));
    }

    @ParameterizedTest
    @CsvSource({
        "0 - X - X, ALARM, ALARM, ALARM, ALARM",
        "0 0 X 0 X, ALARM, ALARM, ALARM, ALARM",
        "0 - X - -, OK, OK, ALARM, OK",
        "- - - - 0, OK, OK, ALARM, OK",
        "- - - X -, ALARM, KEPT, ALARM, OK"
    })
    void twoOutOfThree_isAsInTheGuide(
            String range, String missing, String ignore, String breaching, String notBreaching) {
        assertEquals(missing, everyway(2, range, MissingData.missing));
        assertEquals(ignore, everyway(2, range, MissingData.ignore));
        assertEquals(breaching, everyway(2, range, MissingData.breaching));
        assertEquals(notBreaching, everyway(2, range, MissingData.notBreaching));
    }

    /** "the alarm does not go immediately into ALARM state". */
    @ParameterizedTest
    @CsvSource({"- - - - X", "- - - X -"})
    void firstBreachAfterAGap_isNoAlarmYet(String range) {
        assertEquals("OK", state(3, range, MissingData.missing, AlarmState.OK));
    }
}
