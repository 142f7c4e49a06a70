package dev.perennial.core.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.table.Column.CategoryColumn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CategoryProfileTest {
    @Test
    void top_isInOrderOfCount_thenOfText() {
        CategoryProfile profile = of(List.of("b", "a", "c"), 0, 1, 2, 2, -1);

        assertEquals(
                List.of(new Frequency("c", 2), new Frequency("a", 1), new Frequency("b", 1)),
                profile.top(5));
        assertEquals(List.of(new Frequency("c", 2)), profile.top(1));
        assertEquals(0.5, profile.share("c"));
        assertEquals(0, profile.share("unseen"));
    }

    @Test
    void wordsThatNobodyUses_areNotDistinctValues() {
        assertEquals(1, of(List.of("used", "unused"), 0, 0).distinct());
    }

    /** 5,000 rare values and one in half of all rows: more than the sketch counts one by one. */
    @Test
    void manyValues_keepTheFrequentOne_andAreCountedWithinFivePercent() {
        List<String> dictionary =
                IntStream.range(0, 5_001).mapToObj("value %d"::formatted).toList();
        int[] codes =
                IntStream.concat(
                                IntStream.range(0, 5_000).map(i -> i + 1),
                                IntStream.generate(() -> 0).limit(5_000))
                        .toArray();

        CategoryProfile profile = of(dictionary, codes);

        assertEquals("value 0", profile.top(1).getFirst().value());
        assertEquals(0.5, profile.share("value 0"), 0.01);
        assertEquals(5_001, profile.distinct(), 250);
    }

    @Test
    void longValue_isFoundByItsWholeText_alsoWhereItsBeginningEndsInsideACharacter() {
        String plain = "x".repeat(300);
        String cutInside = "y".repeat(199) + "😀" + "y".repeat(50);

        CategoryProfile profile = of(List.of(plain, cutInside), 0, 0, 0, 1);

        assertEquals(0.75, profile.share(plain));
        assertEquals(0.25, profile.share(cutInside));
        assertEquals(0.75, profile.share(profile.top(1).getFirst().value()));
    }

    @Test
    void merge_ofDifferentColumns_isRefused() {
        TableProfile a = table(of(List.of("a"), 0));
        TableProfile none = new TableProfile(1, List.of(), List.of(), List.of());

        assertThrows(IllegalArgumentException.class, () -> a.merge(none));
    }

    @Test
    void json_thatIsNoProfile_isRefused() {
        String json = new String(table(of(List.of("a"), 0)).toJson(), StandardCharsets.UTF_8);

        assertRefused(json.replace("\"rows\"", "\"lines\""));
        assertRefused(json.substring(0, json.length() - 1));
        assertRefused(json + "{}");
    }

    private static void assertRefused(String json) {
        assertThrows(
                MalformedJsonException.class,
                () -> TableProfile.fromJson(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static TableProfile table(CategoryProfile profile) {
        return new TableProfile(profile.rows(), List.of(), List.of(profile), List.of());
    }

    private static CategoryProfile of(List<String> dictionary, int... codes) {
        return CategoryProfile.of(new CategoryColumn("colour", codes, dictionary));
    }
}
