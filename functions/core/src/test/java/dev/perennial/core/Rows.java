package dev.perennial.core;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A small made-up table, hourly, whose label follows from its features with some noise; and specs
 * for it.
 */
public final class Rows {
    public static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    public static final String HEADER = "at,shop,size,price,bought";

    private Rows() {}

    public static List<String> lines(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (int row = 0; row < rows; row++) {
            double size = random.nextGaussian();
            double price = 10 + 5 * random.nextDouble();
            String shop = List.of("north", "south", "west", "").get(random.nextInt(4));
            double score = 2 * size - 0.6 * (price - 12.5) + (shop.equals("north") ? 1.5 : 0);
            String bought = random.nextDouble() < 1 / (1 + Math.exp(-score)) ? "yes" : "no";
            String written =
                    random.nextInt(20) == 0 ? "" : String.format(Locale.ROOT, "%.5f", size);
            lines.add(
                    "%s,%s,%s,%s,%s"
                            .formatted(
                                    BEGIN.plus(row, ChronoUnit.HOURS),
                                    shop,
                                    written,
                                    String.format(Locale.ROOT, "%.4f", price),
                                    bought));
        }
        return lines;
    }

    /** Rows as CSV, those from one to another (counted from 0) with the opposite label. */
    public static String turned(List<String> lines, int from, int to) {
        List<String> turned = new ArrayList<>(lines);
        for (int row = from + 1; row <= to; row++) {
            String line = turned.get(row);
            turned.set(
                    row,
                    line.endsWith(",yes")
                            ? line.replace(",yes", ",no")
                            : line.replace(",no", ",yes"));
        }
        return String.join("\n", turned) + "\n";
    }

    public static String csv(int rows, long seed) {
        return String.join("\n", lines(rows, seed)) + "\n";
    }

    public static String spec(String name) {
        return """
        name: %s
        task: binary
        time: at
        label: {column: bought, positive: "yes"}
        features:
          - {name: shop, type: category}
          - {name: size, type: number, min: -10, max: 10, maxNulls: 0.2}
          - {name: price, type: number, min: 0}
        window: P90D
        split: {validation: P8D, test: P8D}
        data: {minRows: 500}
        train: {trainer: xgboost, candidates: 2, seed: 3, rounds: 40, earlyStopping: 5, threads: 1}
        gates:
          - {metric: auc, min: 0.6}
        """
                .formatted(name);
    }
}
