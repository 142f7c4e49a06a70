package dev.perennial.page;

import dev.perennial.core.evaluation.Evaluation.CurvePoint;
import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.metric.Interval;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pictures as SVG, drawn here so that the report needs no script. */
public final class Charts {
    private static final int WIDTH = 480;
    private static final int BAR = 22;

    private Charts() {}

    /** A bar of one row. */
    public record Bar(String name, double from, double to, String said) {}

    /** Bars over a common axis, such as the steps of a run over time. */
    public static String bars(List<Bar> bars, String unit) {
        double end = bars.stream().mapToDouble(Bar::to).max().orElse(1);
        double scale = (WIDTH - 250) / Math.max(end, 1e-9);
        StringBuilder svg = svg(WIDTH, bars.size() * BAR + 24);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = i * BAR;
            svg.append(
                    format(
                            "<text x='0' y='%d' class='ink'>%s</text>",
                            y + 15, Html.escape(bar.name())));
            svg.append(
                    format(
                            "<rect class='one' x='%.1f' y='%d' width='%.1f' height='%d' rx='3'><title>%s</title></rect>",
                            120 + bar.from() * scale,
                            y + 4,
                            Math.max(2, (bar.to() - bar.from()) * scale),
                            BAR - 8,
                            Html.escape(bar.said())));
            svg.append(
                    format(
                            "<text x='%.1f' y='%d'>%s</text>",
                            126 + Math.max(bar.from() * scale + 2, bar.to() * scale),
                            y + 15,
                            Html.escape(bar.said())));
        }
        int y = bars.size() * BAR + 4;
        svg.append(
                format("<line class='axis' x1='120' y1='%d' x2='%d' y2='%d'/>", y, WIDTH - 100, y));
        svg.append(
                format(
                        "<text x='120' y='%d'>0</text><text x='%d' y='%d' text-anchor='end'>%.1f %s</text>",
                        y + 14, WIDTH - 100, y + 14, end, unit));
        return svg.append("</svg>").toString();
    }

    /** One line per model: estimate and interval of a metric. */
    public static String intervals(Map<String, Interval> models) {
        double low = models.values().stream().mapToDouble(Interval::low).min().orElse(0);
        double high = models.values().stream().mapToDouble(Interval::high).max().orElse(1);
        double margin = Math.max((high - low) * 0.05, 1e-9);
        double scale = (WIDTH - 150) / (high - low + 2 * margin);
        StringBuilder svg = svg(WIDTH, models.size() * BAR + 22);
        int row = 0;
        for (Map.Entry<String, Interval> model : models.entrySet()) {
            Interval interval = model.getValue();
            int y = row++ * BAR + 12;
            double from = 120 + (interval.low() - low + margin) * scale;
            double to = 120 + (interval.high() - low + margin) * scale;
            double at = 120 + (interval.estimate() - low + margin) * scale;
            svg.append(
                    format(
                            "<text x='0' y='%d' class='ink'>%s</text>",
                            y + 4, Html.escape(model.getKey())));
            svg.append(
                    format(
                            "<line class='whisker' x1='%.1f' y1='%d' x2='%.1f' y2='%d'/>",
                            from, y, to, y));
            svg.append(
                    format(
                            "<circle class='%s' cx='%.1f' cy='%d' r='5'><title>%.4f [%.4f, %.4f]</title></circle>",
                            row == 1 ? "two" : "one",
                            at,
                            y,
                            interval.estimate(),
                            interval.low(),
                            interval.high()));
        }
        int y = models.size() * BAR + 2;
        svg.append(
                format("<line class='axis' x1='120' y1='%d' x2='%d' y2='%d'/>", y, WIDTH - 20, y));
        svg.append(
                format(
                        "<text x='120' y='%d'>%.3f</text><text x='%d' y='%d' text-anchor='end'>%.3f</text>",
                        y + 14, low, WIDTH - 20, y + 14, high));
        return svg.append("</svg>").toString();
    }

    /** Predicted against observed probability; the area of a dot grows with its rows. */
    public static String calibration(List<CurvePoint> curve) {
        int size = 300;
        StringBuilder svg = svg(size + 50, size + 40);
        svg.append(
                format(
                        "<line class='diagonal' x1='40' y1='%d' x2='%d' y2='10'/>",
                        size + 10, size + 40));
        svg.append(
                format(
                        "<line class='axis' x1='40' y1='%d' x2='%d' y2='%d'/><line class='axis' x1='40' y1='10' x2='40' y2='%d'/>",
                        size + 10, size + 40, size + 10, size + 10));
        long most = curve.stream().mapToLong(CurvePoint::rows).max().orElse(1);
        StringBuilder path = new StringBuilder();
        for (CurvePoint point : curve) {
            double x = 40 + point.predicted() * size;
            double y = 10 + (1 - point.observed()) * size;
            path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : " L", x, y));
            svg.append(
                    format(
                            "<circle class='one' cx='%.1f' cy='%.1f' r='%.1f'><title>predicted %.3f, observed %.3f, %d rows</title></circle>",
                            x,
                            y,
                            3 + 7 * Math.sqrt((double) point.rows() / most),
                            point.predicted(),
                            point.observed(),
                            point.rows()));
        }
        svg.append("<path class='path' d='").append(path).append("'/>");
        svg.append(
                format(
                        "<text x='%d' y='%d' text-anchor='end'>predicted probability</text>",
                        size + 40, size + 30));
        svg.append("<text x='44' y='20'>observed share</text>");
        return svg.append("</svg>").toString();
    }

    public static String importance(List<FeatureShare> shares) {
        return bars(
                shares.stream()
                        .limit(20)
                        .map(share ->
                                new Bar(
                                        share.feature(),
                                        0,
                                        100 * share.share(),
                                        format("%.1f %%", 100 * share.share())))
                        .toList(),
                "%");
    }

    /** Shares in bins of equal width: now as bars, then as a line around them. */
    public static String thenAndNow(
            double[] now, Optional<double[]> then, double low, double high) {
        int height = 70;
        int width = 240;
        double most =
                Math.max(
                        Arrays.stream(now).max().orElse(1),
                        then.map(each -> Arrays.stream(each).max().orElse(1)).orElse(0.0));
        double bar = (double) width / now.length;
        StringBuilder svg = svg(width, height + 16);
        for (int i = 0; i < now.length; i++) {
            double tall = most == 0 ? 0 : now[i] / most * height;
            svg.append(
                    format(
                            "<rect class='one' x='%.1f' y='%.1f' width='%.1f' height='%.1f'><title>%.2f %% of the rows</title></rect>",
                            i * bar, height - tall, Math.max(1, bar - 1), tall, 100 * now[i]));
        }
        then.ifPresent(shares -> {
            StringBuilder path = new StringBuilder("M0 " + height);
            for (int i = 0; i < shares.length; i++) {
                double y = height - (most == 0 ? 0 : shares[i] / most * height);
                path.append(
                        format(
                                "L%.1f %.1fL%.1f %.1f",
                                (double) i * width / shares.length,
                                y,
                                (i + 1.0) * width / shares.length,
                                y));
            }
            svg.append("<path class='then' d='")
                    .append(path)
                    .append("L" + width + " " + height)
                    .append("'/>");
        });
        svg.append(
                format(
                        "<text x='0' y='%d'>%s</text><text x='%d' y='%d' text-anchor='end'>%s</text>",
                        height + 13, plain(low), width, height + 13, plain(high)));
        return svg.append("</svg>").toString();
    }

    /**
     * A value's share now and then.
     *
     * @param then empty where there is nothing to compare with
     */
    public record Pair(String name, double now, Optional<Double> then) {}

    /** A bar for each value's share now, with a line around its share then. */
    public static String pairs(List<Pair> pairs) {
        int width = 240;
        int left = 92;
        int step = 17;
        double most =
                pairs.stream()
                        .mapToDouble(pair -> Math.max(pair.now(), pair.then().orElse(0.0)))
                        .max()
                        .orElse(1);
        double scale = (width - left - 44) / Math.max(most, 1e-9);
        StringBuilder svg = svg(width, pairs.size() * step + 4);
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            int y = i * step;
            svg.append(
                    format(
                            "<text x='0' y='%d' class='ink'>%s</text><rect class='one' x='%d' y='%d' width='%.1f' height='%d'/>",
                            y + 12,
                            Html.escape(pair.name()),
                            left,
                            y + 2,
                            Math.max(1, pair.now() * scale),
                            step - 5));
            pair.then()
                    .ifPresent(then ->
                            svg.append(
                                    format(
                                            "<path class='then' d='M%d %dh%.1fv%dh-%.1f'/>",
                                            left,
                                            y + 2,
                                            Math.max(1, then * scale),
                                            step - 5,
                                            Math.max(1, then * scale))));
            svg.append(
                    format(
                            "<text x='%.1f' y='%d'>%.1f %%</text>",
                            left + 4 + Math.max(pair.now(), pair.then().orElse(0.0)) * scale,
                            y + 12,
                            100 * pair.now()));
        }
        return svg.append("</svg>").toString();
    }

    /**
     * Values at equal steps of time.
     *
     * @param style of its stroke: {@code path}, {@code then} or {@code diagonal}
     * @param values NaN where there is none
     */
    public record Line(String name, String style, double[] values) {}

    /**
     * Something that happened.
     *
     * @param style of its dot: {@code two} or {@code back}
     * @param step of the lines at which
     */
    public record Mark(String name, String style, int step, double value, String said) {}

    /**
     * Lines over time, what they are called above.
     *
     * @param from what the first step is called
     * @param to what the last one is called
     */
    public static String lines(List<Line> lines, List<Mark> marks, String from, String to) {
        int width = 720;
        int top = 22;
        int bottom = 190;
        int left = 52;
        int steps = lines.stream().mapToInt(line -> line.values().length).max().orElse(1);
        double most =
                lines.stream()
                        .flatMapToDouble(line -> Arrays.stream(line.values()))
                        .filter(value -> !Double.isNaN(value))
                        .max()
                        .orElse(1);
        double across = (double) (width - left - 10) / Math.max(1, steps - 1);
        double up = (bottom - top - 8) / Math.max(most, 1e-300);
        StringBuilder svg = svg(width, bottom + 20);
        svg.append(
                format(
                        "<line class='axis' x1='%d' y1='%d' x2='%d' y2='%d'/><text x='%d' y='%d' text-anchor='end'>%s</text><text x='%d' y='%d' text-anchor='end'>0</text><text x='%d' y='%d'>%s</text><text x='%d' y='%d' text-anchor='end'>%s</text>",
                        left,
                        bottom,
                        width - 10,
                        bottom,
                        left - 6,
                        top + 12,
                        plain(most),
                        left - 6,
                        bottom + 4,
                        left,
                        bottom + 15,
                        Html.escape(from),
                        width - 10,
                        bottom + 15,
                        Html.escape(to)));
        int called = left;
        for (Line line : lines) {
            StringBuilder path = new StringBuilder();
            boolean isOpen = false;
            for (int step = 0; step < line.values().length; step++) {
                double value = line.values()[step];
                if (!Double.isNaN(value)) {
                    path.append(
                            format(
                                    "%s%.1f %.1f",
                                    isOpen ? "L" : "M", left + step * across, bottom - value * up));
                }
                isOpen = !Double.isNaN(value);
            }
            svg.append(format("<path class='%s' d='%s'/>", line.style(), path));
            svg.append(
                    format(
                            "<path class='%s' d='M%d 8h18'/><text x='%d' y='12'>%s</text>",
                            line.style(), called, called + 23, Html.escape(line.name())));
            called += 40 + 6 * line.name().length();
        }
        Set<String> named = new HashSet<>();
        for (Mark mark : marks) {
            svg.append(
                    format(
                            "<circle class='%s' cx='%.1f' cy='%.1f' r='5'><title>%s</title></circle>",
                            mark.style(),
                            left + mark.step() * across,
                            bottom - mark.value() * up,
                            Html.escape(mark.said())));
            if (named.add(mark.name())) {
                svg.append(
                        format(
                                "<circle class='%s' cx='%d' cy='8' r='5'/><text x='%d' y='12'>%s</text>",
                                mark.style(), called + 5, called + 14, Html.escape(mark.name())));
                called += 31 + 6 * mark.name().length();
            }
        }
        return svg.append("</svg>").toString();
    }

    public static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : format("%.4g", value);
    }

    private static StringBuilder svg(int width, int height) {
        return new StringBuilder(format("<svg viewBox='0 0 %d %d' role='img'>", width, height));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
