package dev.perennial.conclude;

import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Evaluation.Average;
import dev.perennial.core.evaluation.Evaluation.CandidateScore;
import dev.perennial.core.evaluation.Evaluation.Former;
import dev.perennial.core.evaluation.Evaluation.FormerScore;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.evaluation.Evaluation.ModelScore;
import dev.perennial.core.evaluation.Evaluation.SliceScore;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.run.RunSummary;
import dev.perennial.core.run.RunSummary.BadRows;
import dev.perennial.core.run.Usage;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.table.BadRow;
import dev.perennial.core.validation.Finding;
import dev.perennial.page.Charts;
import dev.perennial.page.Charts.Bar;
import dev.perennial.page.Html;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The run as one page: no script, no network, readable on a phone, light and dark. */
final class Report {
    private final RunSummary run;
    private final Html html;

    private Report(RunSummary run) {
        this.run = run;
        this.html = Html.page(run.pipeline() + " · " + run.run());
    }

    static String render(
            RunSummary summary,
            Optional<PipelineSpec> spec,
            Optional<TableProfile> profile,
            Optional<TableProfile> champion) {
        Report report = new Report(summary);
        report.overview();
        summary.evaluation().ifPresent(report::gates);
        summary.evaluation().ifPresent(report::scores);
        summary.evaluation().ifPresent(report::behaviour);
        summary.evaluation().ifPresent(report::candidates);
        report.findings();
        summary.badRows().ifPresent(report::badRows);
        profile.ifPresent(
                present -> DataQuality.write(report.html, summary.findings(), present, champion));
        report.steps();
        report.lineage(spec);
        return report.html.end();
    }

    private void overview() {
        html.raw("<p class=soft>")
                .text("Perennial · run " + run.run())
                .raw("</p><h1>")
                .text(run.pipeline())
                .raw("</h1>");
        html.raw("<p><span class='status " + run.status() + "'>")
                .text(words(run.status().name()))
                .raw("</span></p>");
        html.paragraph("", run.reason());
        html.raw("<div class=facts>");
        run.data().ifPresent(data -> html.fact("%,d".formatted(data.rows()), "rows"));
        html.fact(said(run.championBefore()), "champion before");
        html.fact(said(run.championAfter()), "champion after");
        html.fact(
                "%.1f s"
                        .formatted(
                                run.usage().stream().mapToLong(Usage::billedMillis).sum()
                                        / 1_000.0),
                "billed so far");
        html.fact(
                String.format(Locale.ROOT, "%.5f USD", run.cost().totalUsd()),
                "list price of " + run.cost().pricesOf());
        html.raw("</div>");
    }

    private static String said(OptionalInt version) {
        return version.isPresent() ? "version " + version.getAsInt() : "none";
    }

    private void gates(Evaluation evaluation) {
        html.heading("Gates").table(List.of("«gate", "«found", "«"));
        for (GateResult gate : evaluation.gates()) {
            html.raw("<tr>")
                    .words("", gate.gate())
                    .words("", gate.found())
                    .words(
                            gate.passed() ? "passed" : "failed",
                            gate.passed() ? "✓ passed" : "✗ failed")
                    .raw("</tr>");
        }
        html.endTable();
    }

    private void scores(Evaluation evaluation) {
        html.heading("Quality on the test rows");
        html.paragraph(
                "soft",
                "%,d rows from %s on that no model was trained on. Brackets and whiskers: 95 %% interval of %,d resamples of %,d moments in blocks of %,d. previousLabel repeats the newest label known at that moment."
                        .formatted(
                                evaluation.rows().test(),
                                evaluation.rows().testFrom(),
                                evaluation.resampling().resamples(),
                                evaluation.resampling().moments(),
                                evaluation.resampling().blockMoments()));
        TreeSet<Metric> metrics = new TreeSet<>();
        evaluation
                .scores()
                .forEach(score ->
                        score.metrics()
                                .keySet()
                                .forEach(key -> Metric.named(key).ifPresent(metrics::add)));
        List<String> columns = new ArrayList<>(List.of("metric"));
        evaluation.scores().forEach(score -> columns.add(named(evaluation, score.model())));
        html.table(columns);
        for (Metric metric : metrics) {
            html.raw("<tr>").cell(metric.title() + (metric.higherIsBetter() ? " ↑" : " ↓"));
            for (ModelScore score : evaluation.scores()) {
                html.cell(said(score.metrics().get(metric.key())));
            }
            html.raw("</tr>");
        }
        html.endTable().raw("<div class='grid wide'>");
        for (Metric metric : metrics) {
            Map<String, Interval> models = new LinkedHashMap<>();
            for (ModelScore score : evaluation.scores()) {
                Interval interval = score.metrics().get(metric.key());
                if (interval != null) {
                    models.put(named(evaluation, score.model()), interval);
                }
            }
            html.raw("<div class=card><h3>")
                    .text(metric.title())
                    .raw("</h3>")
                    .raw(Charts.intervals(models))
                    .raw("</div>");
        }
        html.raw("</div>");
    }

    /** A former champion may have been judged in the candidate's place. */
    private static String named(Evaluation evaluation, String model) {
        OptionalInt recalled = evaluation.recalled();
        return model.equals(Evaluation.CANDIDATE) && recalled.isPresent()
                ? "version " + recalled.getAsInt()
                : words(model);
    }

    private static String said(@org.jspecify.annotations.Nullable Interval interval) {
        return interval == null
                ? "–"
                : String.format(
                        Locale.ROOT,
                        "%.4f [%.4f, %.4f]",
                        interval.estimate(),
                        interval.low(),
                        interval.high());
    }

    private void behaviour(Evaluation evaluation) {
        html.heading("How it decides").raw("<div class='grid wide'>");
        html.raw("<div class=card><h3>Importance of features</h3>")
                .raw(Charts.importance(evaluation.importance()))
                .raw("</div>");
        if (!evaluation.curve().isEmpty()) {
            html.raw("<div class=card><h3>Calibration</h3>")
                    .raw(Charts.calibration(evaluation.curve()))
                    .raw("</div>");
        }
        html.raw("</div>");
        if (!evaluation.slices().isEmpty()) {
            html.heading("Slices")
                    .table(
                            List.of(
                                    "slice",
                                    "«value",
                                    "rows",
                                    "«metric",
                                    named(evaluation, Evaluation.CANDIDATE),
                                    "champion"));
            for (SliceScore slice : evaluation.slices()) {
                html.raw("<tr>")
                        .cell(slice.feature())
                        .words("", slice.value().isEmpty() ? "(missing)" : slice.value())
                        .cell("%,d".formatted(slice.rows()))
                        .words("", slice.metric())
                        .cell(said(slice.candidate()))
                        .cell(said(slice.champion()))
                        .raw("</tr>");
            }
            html.endTable();
        }
    }

    private static String said(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "–";
    }

    private void candidates(Evaluation evaluation) {
        html.heading("Candidates");
        html.paragraph(
                "soft",
                "Chosen by the loss on %,d validation rows; the last one is the linear baseline.%s"
                        .formatted(
                                evaluation.rows().validation(),
                                evaluation
                                        .average()
                                        .map(each ->
                                                " The %d best are averaged in one file, whose loss there is %.4f."
                                                        .formatted(
                                                                each.candidates().size(),
                                                                each.validationLoss()))
                                        .orElse("")));
        List<Integer> judged =
                evaluation.average().map(Average::candidates).orElse(List.of(evaluation.chosen()));
        html.table(List.of("#", "«trainer", "validation loss", "rounds", "«parameters"));
        for (CandidateScore candidate : evaluation.candidates()) {
            boolean chosen = judged.contains(candidate.index()) && evaluation.recalled().isEmpty();
            html.raw(chosen ? "<tr class=chosen>" : "<tr>")
                    .cell(Integer.toString(candidate.index()))
                    .words("", candidate.trainer().name().toLowerCase(Locale.ROOT))
                    .cell(said(candidate.validationLoss()))
                    .cell(Integer.toString(candidate.rounds()))
                    .words(
                            candidate.failure().isPresent() ? "failed" : "",
                            candidate.failure().orElseGet(() -> parameters(candidate)))
                    .raw("</tr>");
        }
        html.endTable();
        evaluation
                .former()
                .filter(each -> !each.scores().isEmpty())
                .ifPresent(this::formerChampions);
    }

    private void formerChampions(Former former) {
        html.heading("Former champions");
        html.paragraph(
                "soft",
                former.recalled().isPresent()
                        ? "On the same rows version %d is better than the champion and than what this run put forward, so it was judged in its place."
                                .formatted(former.recalled().getAsInt())
                        : "On the same rows none is better than both the champion and what this run puts forward.");
        html.table(List.of("version", "validation loss", "«"));
        for (FormerScore each : former.scores()) {
            html.raw(each.version() == former.recalled().orElse(0) ? "<tr class=chosen>" : "<tr>")
                    .cell(Integer.toString(each.version()))
                    .cell(said(each.validationLoss()))
                    .words("", each.obstacle().orElse(""))
                    .raw("</tr>");
        }
        html.endTable();
    }

    private static String parameters(CandidateScore candidate) {
        List<String> said = new ArrayList<>();
        candidate
                .lookback()
                .map(Lookback::words)
                .filter(Predicate.not(String::isEmpty))
                .ifPresent(said::add);
        candidate.parameters().forEach((name, value) -> said.add(name + " " + Charts.plain(value)));
        return String.join(", ", said);
    }

    private void findings() {
        html.heading("What validation found");
        if (run.findings().isEmpty()) {
            html.paragraph("soft", "Nothing.");
            return;
        }
        html.table(
                List.of("«severity", "«rule", "«column", "«found", "«expected", "«share and rows"));
        for (Finding finding : run.findings()) {
            html.raw("<tr>")
                    .words(finding.severity().name(), words(finding.severity().name()))
                    .words("", finding.rule())
                    .words("", finding.column())
                    .words("", finding.found())
                    .words("", finding.expected())
                    .words("soft", where(finding))
                    .raw("</tr>");
        }
        html.endTable();
    }

    /** In which rows of the snapshot. */
    private static String where(Finding finding) {
        if (finding.share().isEmpty()) {
            return "";
        }
        String share = String.format(Locale.ROOT, "%.3g %%", 100 * finding.share().getAsDouble());
        return finding.rows().isEmpty()
                ? share
                : "%s, from row %,d on".formatted(share, finding.rows().getFirst());
    }

    private void badRows(BadRows rows) {
        long all = run.data().map(SnapshotManifest::badRows).orElse((long) rows.first().size());
        html.paragraph(
                "soft",
                "%,d rows could not be read and were left out%s:"
                        .formatted(all, all > rows.first().size() ? "; the first ones" : ""));
        html.table(List.of("«file", "line", "«column", "«value", "«why"));
        for (BadRow row : rows.first()) {
            html.raw("<tr>")
                    .words("", row.file())
                    .raw("<td>%d</td>".formatted(row.line()))
                    .words("", row.column())
                    .words("", row.value())
                    .words("", row.reason())
                    .raw("</tr>");
        }
        html.endTable();
    }

    private void steps() {
        html.heading("Time line");
        Map<String, List<Usage>> steps = new LinkedHashMap<>();
        run.usage()
                .forEach(usage ->
                        steps.computeIfAbsent(usage.step(), _ -> new ArrayList<>()).add(usage));
        List<Bar> bars = new ArrayList<>();
        double from = 0;
        for (Map.Entry<String, List<Usage>> step : steps.entrySet()) {
            double longest =
                    step.getValue().stream().mapToLong(Usage::billedMillis).max().orElse(0)
                            / 1_000.0;
            int peak = step.getValue().stream().mapToInt(Usage::peakMegabytes).max().orElse(0);
            int calls = step.getValue().size();
            bars.add(
                    new Bar(
                            calls == 1 ? step.getKey() : "%s × %d".formatted(step.getKey(), calls),
                            from,
                            from + longest,
                            String.format(Locale.ROOT, "%.2f s, %d MB", longest, peak)));
            from += longest;
        }
        html.raw("<div class=card>").raw(Charts.bars(bars, "s")).raw("</div>");
        html.paragraph(
                "soft",
                "Billed time per step (the longest call where several ran side by side), start-up included; this step itself not yet.");
    }

    private void lineage(Optional<PipelineSpec> spec) {
        html.heading("Lineage").table(List.of("«", "«"));
        row("run", run.run() + ", started " + run.startedAt());
        run.snapshot().ifPresent(snapshot -> row("snapshot", snapshot.hex()));
        run.data().ifPresent(this::data);
        run.model()
                .ifPresent(model ->
                        row(
                                "model",
                                "%s, %,d bytes, SHA-256 %s"
                                        .formatted(model.key(), model.size(), model.sha256())));
        spec.ifPresent(each -> row("seed", Long.toString(each.train().seed())));
        run.refit().ifPresent(refit -> row("trained again", refit(refit)));
        run.refitFailure()
                .ifPresent(why ->
                        row("trained again", "that failed, so what was judged serves: " + why));
        run.evaluation()
                .flatMap(Evaluation::parity)
                .ifPresent(parity ->
                        row(
                                "parity",
                                String.format(
                                        Locale.ROOT,
                                        "trainer and ONNX file differ by at most %.2g on %,d raw test rows (allowed %.0e)",
                                        parity.difference(),
                                        parity.rows(),
                                        parity.allowed())));
        html.endTable();
    }

    private static String refit(Refitted refit) {
        String losses =
                String.format(
                        Locale.ROOT,
                        "loss of its scores on the test rows, which it has seen now, %.4f; of what was judged %.4f",
                        refit.loss(),
                        refit.judgedLoss());
        return "on %,d rows until %s; %s%s"
                .formatted(
                        refit.rows(),
                        refit.until(),
                        losses,
                        refit.model().isPresent() ? "" : "; so it is not used");
    }

    private void data(SnapshotManifest data) {
        row("spec", data.spec().hex());
        row("window", data.from() + " to " + data.until());
        for (ArtifactRef file : data.files()) {
            row(
                    "source",
                    "%s, %,d bytes, SHA-256 %s".formatted(file.key(), file.size(), file.sha256()));
        }
    }

    private void row(String name, String value) {
        html.raw("<tr>")
                .words("", name)
                .raw("<td class=text><code>")
                .text(value)
                .raw("</code></td></tr>");
    }

    /** {@code previousLabel} and {@code DATA_REJECTED} as words. */
    private static String words(String name) {
        return name.contains("_") || name.equals(name.toUpperCase(Locale.ROOT))
                ? name.toLowerCase(Locale.ROOT).replace('_', ' ')
                : name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    }
}
