package dev.perennial.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.spec.ViewUse.Match;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import dev.perennial.core.table.Schema.Field;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureViewTest {
    private static final String WEATHER =
            """
            name: weather
            key: [region]
            time: observedAt
            columns:
              - {name: temperature, type: number, min: -60, max: 60}
              - {name: sky, type: category, values: [clear, cloudy]}
              - {name: reporter, type: category, personal: true}
            timeToLive: P2D
            """;

    private static String spec(String features) {
        return Rows.spec("shop")
                .replaceFirst("(?m)^features:\n", "key: [region, origin]\nfeatures:\n" + features);
    }

    private static String problems(String yaml) {
        return String.valueOf(
                assertThrows(InvalidSpecException.class, () -> SpecReader.read("spec.yaml", yaml))
                        .getMessage());
    }

    @Test
    void aView_isReadWhole() {
        FeatureView view = SpecReader.view("weather.yaml", WEATHER);

        assertEquals("weather", view.name());
        assertEquals(List.of("region"), view.key());
        assertEquals(Optional.of(Duration.ofDays(2)), view.timeToLive());
        assertEquals(
                List.of("observedAt", "region", "temperature", "sky", "reporter"),
                view.schema().fields().stream().map(Field::name).toList());
        assertEquals(
                List.of(false, false, true),
                view.columns().stream().map(FeatureSpec::personal).toList());
    }

    @Test
    void keysMayBePersonal_ofViewsAndPipelines() {
        FeatureView view =
                SpecReader.view(
                        "weather.yaml",
                        WEATHER.replace("[region]", "[region, {name: email, personal: true}]"));
        PipelineSpec spec =
                SpecReader.read(
                        "spec.yaml",
                        Rows.spec("shop")
                                .replace(
                                        "label:",
                                        "key: [{name: email, personal: true}, region]\nlabel:"));

        assertEquals(List.of("region", "email"), view.key());
        assertEquals(Set.of("email"), view.personalKeys());
        assertEquals(List.of("email", "region"), spec.key());
        assertEquals(Set.of("email"), spec.personalKeys());
    }

    @Test
    void columnsOfAView_areFeaturesUnderTheirNames_andNoneOfTheData() {
        String used =
                "  - {view: weather, columns: [temperature], maxAge: PT1H}\n"
                        + "  - {view: weather, on: {region: origin}, match: before,"
                        + " columns: [{column: temperature, as: warmth}, {column: sky, as: sky}]}\n";

        PipelineSpec spec =
                SpecReader.read("spec.yaml", SpecReader.bundle(spec(used), List.of(WEATHER)));

        ViewUse first = spec.views().getFirst();
        assertEquals(Optional.of(Duration.ofHours(1)), first.maxAge());
        assertEquals(Match.AT_OR_BEFORE, first.match());
        ViewUse second = spec.views().getLast();
        assertEquals(Map.of("region", "origin"), second.on());
        assertEquals(List.of("origin"), second.entity());
        assertEquals(new TakenColumn("temperature", "warmth"), second.columns().getFirst());
        assertEquals(Optional.of(Duration.ofDays(2)), second.maxAge(), "the view's timeToLive");
        assertEquals(Match.BEFORE, second.match());
        List<String> features = spec.features().stream().map(FeatureSpec::name).toList();
        assertEquals(List.of("temperature", "warmth", "sky"), features.subList(0, 3));
        assertTrue(spec.schema().field("warmth").isPresent());
        assertTrue(spec.dataSchema().field("warmth").isEmpty());
        assertTrue(spec.dataSchema().field("origin").isPresent());
    }

    @Test
    void viewsThatASpecDoesNotHold_areNamed() {
        String yaml =
                spec("  - {view: weather, columns: [sky]}\n  - {view: sales, columns: [sum]}\n");

        assertEquals(List.of("weather", "sales"), SpecReader.missingViews("spec.yaml", yaml));
        assertEquals(
                List.of("sales"),
                SpecReader.missingViews("spec.yaml", SpecReader.bundle(yaml, List.of(WEATHER))));
        String problems = problems(yaml);
        assertTrue(problems.contains("views/weather.yaml beside the spec"), problems);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "columns: [wind] | 'wind'",
                "columns: [] | no usable column",
                "columns: [sky], maxAge: P3D | at most the view's timeToLive",
                "columns: [sky], on: {town: origin} | a key of the view, one of [region]",
                "columns: [sky], on: {region: size} | in the spec's key or among its categories",
                "columns: [{column: sky, as: size}] | 'size' twice",
                "columns: [reporter] | the personal category 'reporter' without values",
                "columns: [sky], match: never | one of [atOrBefore, before]",
            })
    void whatAViewCantGive_isSaid(String rest, String said) {
        String yaml =
                SpecReader.bundle(
                        spec("  - {view: weather, %s}\n".formatted(rest)), List.of(WEATHER));

        String problems = problems(yaml);

        assertTrue(problems.contains(said), problems);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "key: [region] | key: [] | at least one column that names the entity",
                "name: sky | name: region | 'region' twice among time, key and columns",
                "name: sky | name: Temperature | 'Temperature' twice among time, key and columns",
                "name: sky | name: RowId | another name: the join uses it",
                "timeToLive: P2D | timeToLive: PT0S | longer than zero",
                "personal: true | personal: maybe | true or false",
                "name: weather | name: ../weather | lower-case letters",
                "timeToLive | ttl | did you mean",
            })
    void aWrongView_isRefusedWithItsLine(String right, String wrong, String said) {
        String yaml =
                right.equals("timeToLive")
                        ? WEATHER.replace("timeToLive", "timeTolive")
                        : WEATHER.replace(right, wrong);

        String problems =
                String.valueOf(
                        assertThrows(
                                        InvalidSpecException.class,
                                        () -> SpecReader.view("weather.yaml", yaml))
                                .getMessage());

        assertTrue(problems.contains(said) && problems.contains("weather.yaml:"), problems);
    }
}
