import dev.perennial.core.drift.ColumnShift;
import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.drift.PairShift;
import dev.perennial.core.drift.RankScores;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Scores the windows of benchmarks/drift by what the monitor publishes as FeaturesMoved. */
class PlantedDrift {
    private static final int REFERENCE = 5_000;
    private static final int LIVE = 500;
    private static final int WITHOUT = 4; // times as many windows without drift
    private static final List<String> NUMBERS = List.of("x0", "x1", "x2", "x3");
    private static final List<String> KINDS = List.of("k0", "k1", "k2", "k3");
    private static final List<String> DRIFTS =
            List.of("none", "mean", "spread", "shape", "mix", "unit", "missing", "correlation");

    /** Of a window without drift, as it is declared; each column and all pairs have an equal part. */
    private static final double FALSE_ALARMS = 0.01;

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int windows = Integer.parseInt(Files.readString(folder.resolve("windows")));
        try (DataInputStream rows = new DataInputStream(Files.newInputStream(folder.resolve("rows.bin")))) {
            for (String drift : DRIFTS) {
                for (int i = 0; i < windows * (drift.equals("none") ? WITHOUT : 1); i++) {
                    Window window = new Window(read(rows, REFERENCE), read(rows, LIVE));
                    print("Perennial", drift, window.score(false));
                    print("Perennial, told that rows are independent", drift, window.score(true));
                }
            }
        }
    }

    private static void print(String name, String drift, double score) {
        System.out.printf("\"%s\",%s,%s,%d%n", name, drift, score, score >= -Math.log(FALSE_ALARMS) ? 1 : 0);
    }

    private record Window(Table reference, Table live) {
        /** −log of the least false-alarm rate at which it alarms. */
        double score(boolean independent) {
            RankScores scores = RankScores.of(TableProfile.of(reference), NUMBERS);
            TableProfile before = TableProfile.of(reference);
            TableProfile now = TableProfile.of(live);
            Map<String, DesignEffects> effects = new HashMap<>();
            for (Column column : reference.columns()) {
                effects.put(
                        column.name(),
                        independent
                                ? DesignEffects.none()
                                : DesignEffects.of(column, before.column(column.name()).orElseThrow(), LIVE));
            }
            PairProfile pairsBefore = PairProfile.of(scores, reference);
            PairProfile pairsNow = PairProfile.of(scores, live);
            List<PairShift.Effects> pairEffects = independent ? List.of() : PairShift.effects(scores, reference, LIVE);
            double low = 0;
            double high = 20;
            while (high - low > 0.02) {
                double middle = (low + high) / 2;
                double rate = Math.exp(-middle) / (effects.size() + 1);
                double most = PairShift.of(pairsBefore, pairsNow, pairEffects, rate).getFirst().ratio();
                for (String name : effects.keySet()) {
                    ColumnShift shift =
                            ColumnShift.of(
                                            before.column(name).orElseThrow(), now.column(name).orElseThrow(),
                                            effects.get(name), rate)
                                    .orElseThrow();
                    most = Math.max(most, shift.strongest().ratio());
                }
                low = most >= 1 ? middle : low;
                high = most >= 1 ? high : middle;
            }
            return low;
        }
    }

    private static Table read(DataInputStream in, int rows) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap(in.readNBytes(rows * (NUMBERS.size() + 1) * Double.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        double[][] numbers = new double[NUMBERS.size()][rows];
        int[] kinds = new int[rows];
        for (int row = 0; row < rows; row++) {
            for (double[] column : numbers) {
                column[row] = bytes.getDouble();
            }
            kinds[row] = (int) bytes.getDouble();
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            columns.add(new NumberColumn(NUMBERS.get(i), numbers[i]));
        }
        columns.add(new CategoryColumn("kind", kinds, KINDS));
        return new Table(columns);
    }
}
