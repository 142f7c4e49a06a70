package dev.perennial.monitor;

import dev.perennial.core.drift.ColumnShift.Compared;
import dev.perennial.core.drift.PairShift;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import dev.perennial.core.monitor.LiveDay;
import dev.perennial.core.monitor.LiveShift;
import dev.perennial.core.monitor.Look;
import dev.perennial.core.monitor.Monitor.Champion;
import dev.perennial.core.monitor.Quality;
import dev.perennial.core.monitor.Shifts;
import dev.perennial.core.monitor.WorseSlice;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.page.Charts;
import dev.perennial.page.Charts.Bar;
import dev.perennial.page.ColumnCards;
import dev.perennial.page.ColumnCards.Badge;
import dev.perennial.page.Html;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why an alarm may have come, for people: what moved, weighed by what it does to the predictions,
 * since when, and what it did to the errors.
 */
final class DriftPage {
    private static final int MOST_DAYS = 28;

    private final Html html;
    private final Look look;
    private final Champion champion;
    private final List<LiveShift> beyond;
    private final Task task;

    private DriftPage(Html html, Look look, Champion champion, Task task) {
        this.task = task;
        this.html = html;
        this.look = look;
        this.champion = champion;
        this.beyond = beyond(look.shifts());
    }

    static String render(String pipeline, Look look, Champion champion, Task task) {
        Html html = Html.page(pipeline + " · drift at " + look.state().at());
        DriftPage page = new DriftPage(html, look, champion, task);
        html.paragraph("soft", "Perennial · live traffic at " + look.state().at());
        html.raw("<h1>").text(pipeline).raw("</h1>");
        page.overview();
        page.moved();
        page.pairs();
        page.errors();
        page.slices();
        page.pictures();
        return html.end();
    }

    private void overview() {
        Shifts shifts = look.shifts();
        html.raw("<div class=facts>");
        html.fact("version %d".formatted(champion.reference().version()), "champion");
        html.fact(decimals(look.errorDrift()), "errors, of their threshold");
        html.fact(decimals(shifts.featuresMoved()), "features, of their threshold");
        html.fact(
                shifts.predictions().isEmpty() ? "unknown" : decimals(shifts.predictionsMoved()),
                "predictions, of their threshold");
        html.raw("</div>");
        look.drifts().stream()
                .distinct()
                .forEach(drift ->
                        html.paragraph(
                                "",
                                "Errors have been rising since %s; that was certain at %s."
                                        .formatted(drift.began(), drift.at())));
        if (shifts.featuresMoved() >= 1 && shifts.featureDrift() < 1) {
            html.paragraph("", "Features moved, but the predictions didn't: nothing alarms.");
        }
        look.estimate()
                .ifPresent(estimate -> {
                    html.paragraph(
                            "",
                            String.format(
                                    Locale.ROOT,
                                    isRegression()
                                            ? "By what it expects itself the champion is off by %s in the mean of %,d answers (%s to %s); when it was tested, by %s."
                                            : "By its own probabilities the champion errs in %s of %,d answers (%s to %s); when it was tested, in %s.",
                                    error(estimate.error()),
                                    estimate.answers(),
                                    error(estimate.low()),
                                    error(estimate.high()),
                                    error(champion.reference().testError())));
                    estimate.doubts()
                            .forEach(doubt -> html.paragraph("soft", "Don't rely on it: " + doubt));
                });
        look.loss()
                .filter(loss -> loss.labelled() > 0)
                .ifPresent(loss ->
                        html.paragraph(
                                "",
                                String.format(
                                        Locale.ROOT,
                                        "Where labels came, it loses %.4f per answer more than when it was tested; %,.0f in all since it began to.",
                                        loss.excess(),
                                        loss.lostSince(LocalDate.MIN))));
    }

    /**
     * The columns beyond their threshold; how far they moved counts by what the model gains of
     * them.
     */
    private static List<LiveShift> beyond(Shifts shifts) {
        List<LiveShift> features =
                shifts.features().stream()
                        .filter(each -> each.ratio() >= 1)
                        .sorted(
                                Comparator.comparingDouble((LiveShift each) ->
                                                each.importance()
                                                        * each.shift().distances().jensenShannon())
                                        .reversed())
                        .toList();
        return Stream.of(
                        features.stream(),
                        shifts.predictions().stream().filter(each -> each.ratio() >= 1),
                        shifts.label().stream().filter(each -> each.ratio() >= 1))
                .flatMap(each -> each)
                .toList();
    }

    private void moved() {
        if (beyond.isEmpty()) {
            html.paragraph("soft", "No column moved by more than chance allows.");
            return;
        }
        html.heading("What moved")
                .table(
                        List.of(
                                "«column",
                                "share of gain",
                                "«since",
                                "«how, of its threshold",
                                "Jensen-Shannon distance"));
        for (LiveShift each : beyond) {
            html.raw("<tr>")
                    .words("", each.column())
                    .cell(percent(each.importance()))
                    .words("", each.since().map(Object::toString).orElse(""))
                    .words("", aspects(each))
                    .cell(decimals(each.shift().distances().jensenShannon()))
                    .raw("</tr>");
        }
        html.endTable();
    }

    private static String aspects(LiveShift shift) {
        return shift.shift().compared().stream()
                .filter(each -> each.ratio() >= 1)
                .sorted(Comparator.comparingDouble(Compared::ratio).reversed())
                .map(each ->
                        "%s %s"
                                .formatted(
                                        each.aspect().name().toLowerCase(Locale.ROOT),
                                        decimals(each.ratio())))
                .collect(Collectors.joining(", "));
    }

    private void pairs() {
        List<PairShift> moved =
                look.shifts().pairs().stream().filter(each -> each.ratio() >= 1).toList();
        if (moved.isEmpty()) {
            return;
        }
        html.heading("What goes together otherwise")
                .table(List.of("«columns", "correlation now", "in training", "of its threshold"));
        for (PairShift each : moved) {
            html.raw("<tr>")
                    .words("", each.a() + ", " + each.b())
                    .cell(decimals(each.now()))
                    .cell(decimals(each.before()))
                    .cell(decimals(each.ratio()))
                    .raw("</tr>");
        }
        html.endTable();
    }

    private void errors() {
        Map<String, double[]> byDay = new TreeMap<>();
        for (Quality each : look.state().quality()) {
            if (each.version() == champion.reference().version() && each.role() != Role.SHADOW) {
                double[] sums = byDay.computeIfAbsent(each.day().toString(), _ -> new double[2]);
                sums[0] += each.errors();
                sums[1] += each.labelled();
            }
        }
        if (byDay.isEmpty()) {
            return;
        }
        List<Bar> bars = new ArrayList<>();
        bars.add(bar("when tested", champion.reference().testError()));
        byDay.entrySet().stream()
                .skip(Math.max(0, byDay.size() - MOST_DAYS))
                .forEach(day -> bars.add(bar(day.getKey(), day.getValue()[0] / day.getValue()[1])));
        html.heading("Mean error by day").raw(Charts.bars(bars, ""));
    }

    private void slices() {
        if (look.worse().isEmpty()) {
            return;
        }
        html.heading("Where it errs more than in its test")
                .paragraph(
                        "soft",
                        "Of the answers whose labels came on the detection window's days, by more than chance. Slices of several features overlap.")
                .table(
                        List.of(
                                "«slice",
                                "labelled answers",
                                "error",
                                "when tested",
                                isRegression()
                                        ? "error beyond that, in all"
                                        : "errors beyond that"));
        for (WorseSlice each : look.worse()) {
            html.raw("<tr>")
                    .words("", each.slice())
                    .cell("%,d".formatted(each.labelled()))
                    .cell(error(each.error()))
                    .cell(error(each.tested()) + (each.isOfAllRows() ? ", all rows" : ""))
                    .cell(
                            String.format(
                                    Locale.ROOT, isRegression() ? "%.4g" : "%,.0f", each.excess()))
                    .raw("</tr>");
        }
        html.endTable();
    }

    private boolean isRegression() {
        return task == Task.REGRESSION;
    }

    private String error(double error) {
        return isRegression() ? String.format(Locale.ROOT, "%.4g", error) : percent(error);
    }

    private static Bar bar(String name, double error) {
        return new Bar(name, 0, error, Charts.plain(error));
    }

    private void pictures() {
        List<TableProfile> window =
                look.state().days().stream()
                        .filter(day -> day.version() == champion.reference().version())
                        .map(LiveDay::profile)
                        .toList();
        if (window.isEmpty()) {
            return;
        }
        TableProfile now = TableProfile.merge(window);
        cards("Live and training", now, champion.profile());
        champion.predicted()
                .ifPresent(tested -> cards("Predictions, live and on the test split", now, tested));
    }

    private void cards(String heading, TableProfile now, TableProfile then) {
        Map<String, LiveShift> shifts = new TreeMap<>();
        beyond.forEach(each -> shifts.put(each.column(), each));
        List<ColumnProfile> shown =
                beyond.stream()
                        .flatMap(each -> now.column(each.column()).stream())
                        .filter(each -> then.column(each.name()).isPresent())
                        .toList();
        if (shown.isEmpty()) {
            return;
        }
        html.heading(heading);
        new ColumnCards(
                        html,
                        now,
                        Optional.of(then),
                        column ->
                                Optional.ofNullable(shifts.get(column))
                                        .map(each -> List.of(new Badge("WARNING", aspects(each))))
                                        .orElse(List.of()))
                .write(shown, "the detection window's", "%,d more columns moved.");
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
