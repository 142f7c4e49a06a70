package dev.perennial.local.replay;

import dev.perennial.local.replay.ReplayFiles.PolicySummary;
import dev.perennial.local.replay.ReplayFiles.Summary;
import dev.perennial.local.replay.Replayed.Event;
import dev.perennial.local.replay.Replayed.Predicted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A replay as one page that needs neither network nor script: quality over time, per policy. */
final class ReplayReport {
    /** Of replay.css; more policies than that share them. */
    private static final int COLOURS = 7;

    private static final int WIDTH = 960;
    private static final int HEIGHT = 300;
    private static final int LEFT = 52;
    private static final int RIGHT = 12;
    private static final int TOP = 14;
    private static final int BOTTOM = 28;

    /** The line shows the mean of so many points at most; more would blur. */
    private static final int POINTS = 160;

    private static final int MOST_EVENTS = 400;

    private final Summary summary;
    private final List<Replayed> all;
    private final StringBuilder html = new StringBuilder();
    private final boolean numeric;

    private ReplayReport(Summary summary, List<Replayed> all) {
        this.summary = summary;
        this.all = all;
        this.numeric = summary.policies().getFirst().accuracy().isEmpty();
    }

    static String render(Summary summary, List<Replayed> all) {
        return new ReplayReport(summary, all).page();
    }

    private String page() {
        html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<title>Replay of ")
                .append(escaped(summary.pipeline()))
                .append("</title><style>")
                .append(css())
                .append("</style></head><body><main><h1>Replay of ")
                .append(escaped(summary.pipeline()))
                .append("</h1><p class=\"lead\">")
                .append(
                        escaped(
                                "%,d rows from %s to %s, each predicted before its label was known."
                                        .formatted(
                                                summary.rows(),
                                                day(summary.from()),
                                                day(summary.until()))))
                .append("</p>");
        table();
        html.append("<section><h2>")
                .append(numeric ? "Mean absolute error" : "Accuracy")
                .append(" over time</h2>");
        chart();
        html.append("</section>");
        all.forEach(this::events);
        return html.append("</main></body></html>\n").toString();
    }

    private void table() {
        html.append("<section><div class=\"wide\"><table><thead><tr><th>Policy</th><th>")
                .append(numeric ? "MAE" : "Accuracy")
                .append("</th>")
                .append(numeric ? "" : "<th>Log loss</th>")
                .append(
                        "<th>Runs</th><th>Promotions</th><th>False alarms</th><th>Median detection delay</th><th>Cost (USD)</th></tr></thead><tbody>");
        for (int i = 0; i < summary.policies().size(); i++) {
            PolicySummary each = summary.policies().get(i);
            html.append("<tr><th><span class=\"key c%d\"></span>".formatted(i % COLOURS))
                    .append(escaped(each.policy()))
                    .append("</th><td>")
                    .append(
                            numeric
                                    ? number(each.meanAbsoluteError(), "%.4g")
                                    : percent(each.accuracy()))
                    .append("</td>")
                    .append(numeric ? "" : "<td>" + number(each.logLoss(), "%.4f") + "</td>")
                    .append(
                            "<td>%d</td><td>%d</td><td>%d</td><td>%s</td><td>%s</td></tr>"
                                    .formatted(
                                            each.runs(),
                                            each.promotions(),
                                            each.falseAlarms(),
                                            median(each.detectionDelays()),
                                            String.format(Locale.ROOT, "%.4f", each.costUsd())));
        }
        summary.previousLabel()
                .ifPresent(error ->
                        html.append("<tr class=\"aside\"><th>previous label</th><td>")
                                .append(
                                        numeric
                                                ? String.format(Locale.ROOT, "%.4g", error)
                                                : percent(OptionalDouble.of(1 - error)))
                                .append("</td>")
                                .append(numeric ? "" : "<td></td>")
                                .append(
                                        "<td colspan=\"5\">the last label that was known: what any model should beat, if labels come that soon</td></tr>"));
        html.append("</tbody></table></div></section>");
    }

    /** Points of a line: moment and mean over a stretch of rows. */
    private record Point(Instant time, double value) {}

    private List<Point> line(Replayed replayed) {
        List<Predicted> rows = replayed.predictions();
        int stretch = Math.max(1, rows.size() / POINTS);
        List<Point> points = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += stretch) {
            List<Predicted> part = rows.subList(from, Math.min(rows.size(), from + stretch));
            double error = part.stream().mapToDouble(Predicted::error).average().orElse(Double.NaN);
            points.add(new Point(part.get(part.size() / 2).time(), numeric ? error : 1 - error));
        }
        return points;
    }

    private void chart() {
        List<List<Point>> lines = all.stream().map(this::line).toList();
        double low = lines.stream().flatMap(List::stream).mapToDouble(Point::value).min().orElse(0);
        double high =
                lines.stream().flatMap(List::stream).mapToDouble(Point::value).max().orElse(1);
        double margin = Math.max(1e-9, (high - low) * 0.05);
        double bottom = Math.max(0, low - margin);
        double top = numeric ? high + margin : Math.min(1, high + margin);
        html.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Quality over time per policy\">"
                        .formatted(WIDTH, HEIGHT));
        for (int i = 0; i <= 4; i++) {
            double value = bottom + (top - bottom) * i / 4;
            double y = y(value, bottom, top);
            html.append(
                    String.format(
                            Locale.ROOT,
                            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" class=\"end\">%s</text>",
                            LEFT,
                            WIDTH - RIGHT,
                            y,
                            y,
                            LEFT - 6,
                            y + 4,
                            numeric
                                    ? String.format(Locale.ROOT, "%.3g", value)
                                    : String.format(Locale.ROOT, "%.0f %%", 100 * value)));
        }
        for (int i = 0; i <= 6; i++) {
            Instant time =
                    summary.from()
                            .plus(
                                    Duration.between(summary.from(), summary.until())
                                            .multipliedBy(i)
                                            .dividedBy(6));
            html.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.1f\" y=\"%d\" class=\"%s\">%s</text>",
                            x(time),
                            HEIGHT - 8,
                            i == 0 ? "" : i == 6 ? "end" : "mid",
                            day(time)));
        }
        for (int i = 0; i < all.size(); i++) {
            marks(all.get(i), i);
        }
        for (int i = 0; i < lines.size(); i++) {
            StringBuilder path = new StringBuilder();
            for (Point point : lines.get(i)) {
                path.append(
                        String.format(
                                Locale.ROOT,
                                "%s%.1f %.1f",
                                path.isEmpty() ? "M" : "L",
                                x(point.time()),
                                y(point.value(), bottom, top)));
            }
            html.append("<path class=\"line c%d\" d=\"%s\"/>".formatted(i % COLOURS, path));
        }
        html.append("</svg><p class=\"note\">Below: ")
                .append("▲ error drift, ● promotion, in the policy's colour.</p>");
    }

    /** Drift and promotions at the bottom of the chart, a row per policy that has some. */
    private void marks(Replayed replayed, int index) {
        double y = HEIGHT - BOTTOM - 5 - 9.0 * index;
        for (Event event : replayed.events()) {
            double x = x(event.time());
            switch (event.what()) {
                case "error drift" ->
                        html.append(
                                String.format(
                                        Locale.ROOT,
                                        "<path class=\"mark c%d\" d=\"M%.1f %.1fl4 7h-8z\"><title>%s</title></path>",
                                        index % COLOURS,
                                        x,
                                        y - 4,
                                        escaped(event.time() + ": " + event.why())));
                case "promotion" ->
                        html.append(
                                String.format(
                                        Locale.ROOT,
                                        "<circle class=\"mark c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.4\"><title>%s</title></circle>",
                                        index % COLOURS,
                                        x,
                                        y,
                                        escaped(event.time() + ": " + event.why())));
                default -> {}
            }
        }
    }

    private void events(Replayed replayed) {
        List<Event> shown =
                replayed.events().stream().filter(each -> !each.what().equals("declined")).toList();
        int declined = replayed.events().size() - shown.size();
        html.append("<section><details><summary>")
                .append(
                        escaped(
                                "What happened under '%s': %,d events, and %,d that started no run"
                                        .formatted(replayed.policy(), shown.size(), declined)))
                .append(
                        "</summary><div class=\"wide\"><table><thead><tr><th>Time</th><th>What</th><th>Why</th></tr></thead><tbody>");
        for (Event each : shown.subList(0, Math.min(shown.size(), MOST_EVENTS))) {
            html.append(
                    "<tr><td class=\"time\">%s</td><td>%s</td><td>%s</td></tr>"
                            .formatted(each.time(), escaped(each.what()), escaped(each.why())));
        }
        html.append("</tbody></table></div>");
        if (shown.size() > MOST_EVENTS) {
            html.append(
                    "<p class=\"note\">%,d more are in events.csv.</p>"
                            .formatted(shown.size() - MOST_EVENTS));
        }
        html.append("</details></section>");
    }

    private double x(Instant time) {
        double all = Duration.between(summary.from(), summary.until()).toMillis();
        double gone = Duration.between(summary.from(), time).toMillis();
        double width = WIDTH - LEFT - RIGHT;
        return LEFT + width * Math.clamp(gone / Math.max(1, all), 0, 1);
    }

    private static double y(double value, double bottom, double top) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / (top - bottom);
    }

    private static LocalDate day(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static String percent(OptionalDouble share) {
        return share.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.2f %%", 100 * share.getAsDouble());
    }

    private static String number(OptionalDouble value, String format) {
        return value.isEmpty() ? "" : String.format(Locale.ROOT, format, value.getAsDouble());
    }

    private static String median(List<Duration> delays) {
        if (delays.isEmpty()) {
            return "–";
        }
        Duration median = delays.stream().sorted().toList().get(delays.size() / 2);
        return String.format(Locale.ROOT, "%.1f days", median.toMinutes() / 1_440.0);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String css() {
        try (InputStream css = ReplayReport.class.getResourceAsStream("replay.css")) {
            if (css == null) {
                throw new IllegalStateException("replay.css is not on the class path");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("reading replay.css", broken);
        }
    }
}
