package dev.perennial.probe;

import dev.perennial.core.metric.Task;
import dev.perennial.core.retrain.Course;
import dev.perennial.core.retrain.LoggedEvidence;
import dev.perennial.core.retrain.ProbeLog;
import dev.perennial.core.retrain.ProbeLog.Champion;
import dev.perennial.core.retrain.ProbeLog.Period;
import dev.perennial.core.retrain.ProbedWorth;
import dev.perennial.page.Charts;
import dev.perennial.page.Charts.Line;
import dev.perennial.page.Charts.Mark;
import dev.perennial.page.Html;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** For people: what a run would have saved, how champions and probes did, and what came of it. */
final class WorthPage {
    /** Champions are held side by side on at most so many periods that all of them have seen. */
    private static final int NEWEST = 14;

    private final Html html;
    private final LoggedEvidence evidence;
    private final ProbeLog log;
    private final Course course;
    private final Task task;
    private final double[] saved;
    private final ProbedWorth worth;

    private WorthPage(Html html, LoggedEvidence evidence, Task task) {
        this.html = html;
        this.evidence = evidence;
        this.log = evidence.log();
        this.course = log.course();
        this.task = task;
        this.saved = ProbedWorth.courseUsd(evidence);
        this.worth = ProbedWorth.of(evidence);
    }

    /**
     * The page.
     *
     * @param says what the look came to
     */
    static String render(String pipeline, LoggedEvidence evidence, Task task, String says) {
        Html html = Html.page(pipeline + " · what a run is worth");
        WorthPage page = new WorthPage(html, evidence, task);
        html.paragraph("soft", "Perennial · probes at " + page.log.begin(page.course.period()));
        html.raw("<h1>").text(pipeline).raw("</h1>");
        page.overview(says);
        page.savings();
        page.errors();
        page.champions();
        return html.end();
    }

    private void overview(String says) {
        html.raw("<div class=facts>");
        html.fact("version %d".formatted(log.version()), "champion");
        html.fact(usd(worth.lostUsd()), "USD that fresh models would have saved");
        html.fact(usd(worth.runUsd()), "USD that a run costs");
        html.fact(
                "%,d of %,d".formatted(log.periods().size(), course.period()),
                "periods have their labels");
        html.fact("%,d".formatted(course.probes().size()), "probes were trained");
        html.raw("</div>").paragraph("", says);
    }

    private void savings() {
        double[] price = new double[saved.length];
        Arrays.fill(price, worth.runUsd());
        html.heading("What fresh models would have saved since the last run, in USD")
                .raw(
                        Charts.lines(
                                List.of(
                                        new Line("saved", "path", saved),
                                        new Line("a run costs", "diagonal", price)),
                                changes(),
                                log.begin(0).toString(),
                                log.begin(course.period()).toString()));
    }

    /** When another champion began to serve. */
    private List<Mark> changes() {
        List<Mark> marks = new ArrayList<>();
        List<Integer> served = course.served();
        for (int period = 1; period < served.size(); period++) {
            int now = served.get(period);
            if (now != served.get(period - 1)) {
                String said = "version %d, %s".formatted(log.version(now), log.begin(period));
                marks.add(
                        now == period // each begins to serve in the period that it goes by
                                ? new Mark(
                                        "model of a run",
                                        "two",
                                        period - 1,
                                        saved[period - 1],
                                        said)
                                : new Mark("former model", "back", period, saved[period], said));
            }
        }
        return marks;
    }

    private void errors() {
        List<Period> periods = log.periods();
        double[] served = new double[periods.size()];
        double[] fresh = new double[periods.size()];
        for (int i = 0; i < periods.size(); i++) {
            served[i] = error(periods.get(i).champions(), course.served().get(i));
            fresh[i] = error(periods.get(i).probes(), course.freshest(i));
        }
        html.heading("Mean error by period")
                .paragraph(
                        "soft",
                        "Probes are small, so they err more; what counts is by how much an older one errs more than the freshest.")
                .raw(
                        Charts.lines(
                                List.of(
                                        new Line("champion", "path", served),
                                        new Line("freshest probe", "then", fresh)),
                                List.of(),
                                log.begin(0).toString(),
                                log.begin(periods.size()).toString()));
    }

    private static double error(Map<Integer, Double> errors, int number) {
        return errors.getOrDefault(number, Double.NaN);
    }

    private void champions() {
        int[] sinceNewest = evidence.telling(course.models().getLast());
        int[] known = sinceNewest.length > 0 ? sinceNewest : evidence.telling(0);
        int[] compared =
                Arrays.copyOfRange(known, Math.max(0, known.length - NEWEST), known.length);

        html.heading("Champions")
                .paragraph(
                        "soft",
                        "Side by side on the rows of the newest %d periods with labels."
                                .formatted(compared.length))
                .table(List.of("«version", "«came", "periods served", "error", "live"));
        for (Map.Entry<Integer, Champion> each : log.champions().entrySet()) {
            int number = each.getKey();
            boolean isLive = number == log.live();
            html.raw(isLive ? "<tr class=chosen>" : "<tr>")
                    .words("", Integer.toString(each.getValue().version()))
                    .words("", each.getValue().since().toString())
                    .cell("%,d".formatted(Collections.frequency(course.served(), number)))
                    .cell(mean(compared, number))
                    .cell(isLive ? "yes" : "")
                    .raw("</tr>");
        }
        html.endTable();
    }

    /** Of the rows of all periods; empty where one of them was over before the champion came. */
    private String mean(int[] compared, int number) {
        double errors = 0;
        double rows = 0;
        for (int period : compared) {
            Period each = log.periods().get(period);
            errors += each.rows() * error(each.champions(), number);
            rows += each.rows();
        }
        double mean = errors / rows;
        return Double.isNaN(mean)
                ? ""
                : String.format(
                        Locale.ROOT,
                        task == Task.REGRESSION ? "%.4g" : "%.2f %%",
                        task == Task.REGRESSION ? mean : 100 * mean);
    }

    private static String usd(double amount) {
        return String.format(Locale.ROOT, "%,.2f", amount);
    }
}
