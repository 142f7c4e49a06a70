package dev.perennial.core.monitor;

import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings predictions and labels together, in whatever order and however often they come. What is
 * over and done with is remembered as long as labels are waited for, so that copies are known as
 * such; so its size is that of the traffic in that time.
 */
public final class LabelJoin {
    private final Task task;
    private final long patience;
    private final Map<String, OpenPrediction> open = new LinkedHashMap<>();
    private final Map<Place, List<String>> openAt = new HashMap<>();
    private final List<Label> waiting = new ArrayList<>();
    private final Map<String, Closed> closed = new LinkedHashMap<>();
    private final Map<Place, Label> closedAt = new HashMap<>();
    private final List<Aside> aside = new ArrayList<>();
    private final Tally tally;

    /** An entity at a moment. */
    private record Place(String entity, long time) {}

    /**
     * A prediction that has its label.
     *
     * @param key the prediction's, role included
     */
    public record Closed(String key, String entity, long time, long at, Label label) {}

    /**
     * A row that is of no use but kept.
     *
     * @param why in a few words
     */
    public record Aside(String why, Label label) {}

    /**
     * All that lasts from one look to the next.
     *
     * @param open predictions without label
     * @param waiting labels without prediction
     * @param closed predictions with their label
     */
    public record Kept(
            List<OpenPrediction> open, List<Label> waiting, List<Closed> closed, Counts counts) {
        public static final Kept NOTHING = new Kept(List.of(), List.of(), List.of(), Counts.NONE);

        public Kept {
            open = List.copyOf(open);
            waiting = List.copyOf(waiting);
            closed = List.copyOf(closed);
        }
    }

    /** The counts while they grow. */
    private static final class Tally {
        private long predictions;
        private long repeated;
        private long labelled;
        private long unlabelled;
        private long labels;
        private long matched;
        private long duplicates;
        private long conflicts;
        private long foreign;
        private long unknown;

        Tally(Counts counts) {
            predictions = counts.predictions();
            repeated = counts.repeated();
            labelled = counts.labelled();
            unlabelled = counts.unlabelled();
            labels = counts.labels();
            matched = counts.matched();
            duplicates = counts.duplicates();
            conflicts = counts.conflicts();
            foreign = counts.foreign();
            unknown = counts.unknown();
        }

        Counts counts() {
            return new Counts(
                    predictions,
                    repeated,
                    labelled,
                    unlabelled,
                    labels,
                    matched,
                    duplicates,
                    conflicts,
                    foreign,
                    unknown);
        }
    }

    /**
     * Goes on where an earlier look ended.
     *
     * @param patience how long after the prediction a label is waited for, in microseconds
     */
    public LabelJoin(Task task, long patience, Kept kept) {
        this.task = task;
        this.patience = patience;
        this.tally = new Tally(kept.counts());
        kept.open().forEach(this::remember);
        waiting.addAll(kept.waiting());
        kept.closed().forEach(this::remember);
    }

    /** Which of these predictions are new; the others came before and are counted. */
    public boolean[] predictions(List<OpenPrediction> predictions, List<Outcome> outcomes) {
        boolean[] fresh = new boolean[predictions.size()];
        Set<String> ids = new HashSet<>();
        Set<Place> places = new HashSet<>();
        for (int i = 0; i < fresh.length; i++) {
            OpenPrediction prediction = predictions.get(i);
            String key = key(prediction);
            fresh[i] = !open.containsKey(key) && !closed.containsKey(key);
            if (!fresh[i]) {
                tally.repeated++;
                continue;
            }
            tally.predictions += prediction.role() == Role.SHADOW ? 0 : 1;
            remember(prediction);
            Label before = label(prediction);
            if (before != null) {
                close(prediction, before, outcomes);
                continue;
            }
            ids.add(prediction.id());
            places.add(place(prediction));
        }
        settleWaiting(ids, places, outcomes);
        return fresh;
    }

    /** Labels that came before their predictions. */
    private void settleWaiting(Set<String> ids, Set<Place> places, List<Outcome> outcomes) {
        for (Iterator<Label> each = waiting.iterator(); each.hasNext(); ) {
            Label label = each.next();
            boolean concerned =
                    label.hasId() ? ids.contains(label.id()) : places.contains(place(label));
            if (concerned && settle(label, outcomes)) {
                each.remove();
            }
        }
    }

    /** Takes labels that came. */
    public void labels(List<Label> labels, List<Outcome> outcomes) {
        for (Label label : labels) {
            tally.labels++;
            if (!settle(label, outcomes)) {
                waiting.add(label);
            }
        }
    }

    /** Finds what a label is about; false if nothing is there yet. */
    private boolean settle(Label label, List<Outcome> outcomes) {
        List<OpenPrediction> found = find(label);
        if (!found.isEmpty() && isForeign(label, found.getFirst())) {
            tally.foreign++;
            aside.add(
                    new Aside("none of the model's classes, " + found.getFirst().classes(), label));
            return true;
        }
        if (!found.isEmpty()) {
            tally.matched++;
            found.forEach(each -> close(each, label, outcomes));
            return true;
        }
        Label known = known(label);
        if (known == null) {
            return false;
        }
        if (known.says(label)) {
            tally.duplicates++;
            aside.add(new Aside("the same label came before", label));
        } else {
            tally.conflicts++;
            aside.add(new Aside("another label came before", label));
        }
        return true;
    }

    /** Two classes are all there are; where there are more, one that is new counts as an error. */
    private boolean isForeign(Label label, OpenPrediction prediction) {
        return task == Task.BINARY && !prediction.classes().contains(label.category());
    }

    private void close(OpenPrediction prediction, Label label, List<Outcome> outcomes) {
        outcomes.add(Outcome.of(task, prediction, label));
        tally.labelled += prediction.role() == Role.SHADOW ? 0 : 1;
        forget(prediction);
        remember(
                new Closed(
                        key(prediction),
                        prediction.entity(),
                        prediction.time(),
                        prediction.at(),
                        label));
    }

    /** The label that is known of a prediction that comes late: of its twin, or of its row. */
    private @Nullable Label label(OpenPrediction prediction) {
        Closed twin =
                prediction.role() == Role.SHADOW
                        ? closed.get(prediction.id())
                        : closed.get(key(prediction.id(), Role.SHADOW));
        if (twin != null) {
            return twin.label();
        }
        Label ofRow = closedAt.get(place(prediction));
        return ofRow == null || ofRow.hasId() ? null : ofRow;
    }

    private List<OpenPrediction> find(Label label) {
        List<OpenPrediction> found = new ArrayList<>();
        if (label.hasId()) {
            for (Role role : List.of(Role.CHAMPION, Role.SHADOW)) {
                OpenPrediction prediction = open.get(key(label.id(), role));
                if (prediction != null) {
                    found.add(prediction);
                }
            }
        } else {
            for (String key : openAt.getOrDefault(place(label), List.of())) {
                OpenPrediction prediction = open.get(key);
                if (prediction != null) {
                    found.add(prediction);
                }
            }
        }
        return found;
    }

    private @Nullable Label known(Label label) {
        if (!label.hasId()) {
            return closedAt.get(place(label));
        }
        for (Role role : List.of(Role.CHAMPION, Role.SHADOW)) {
            Closed before = closed.get(key(label.id(), role));
            if (before != null) {
                return before.label();
            }
        }
        return null;
    }

    /**
     * Gives up on what has waited too long.
     *
     * @param now in microseconds since the epoch
     */
    public void expire(long now) {
        long before = now - patience;
        for (OpenPrediction each :
                open.values().stream().filter(each -> each.at() < before).toList()) {
            tally.unlabelled += each.role() == Role.SHADOW ? 0 : 1;
            forget(each);
        }
        for (Iterator<Label> each = waiting.iterator(); each.hasNext(); ) {
            Label label = each.next();
            if (label.at() < before) {
                tally.unknown++;
                aside.add(new Aside("no such prediction came", label));
                each.remove();
            }
        }
        for (Iterator<Closed> each = closed.values().iterator(); each.hasNext(); ) {
            Closed done = each.next();
            if (done.at() < before) {
                closedAt.remove(new Place(done.entity(), done.time()));
                each.remove();
            }
        }
    }

    /** What was put aside since this was made. */
    public List<Aside> aside() {
        return List.copyOf(aside);
    }

    public Kept kept() {
        return new Kept(
                open.values().stream()
                        .sorted(Comparator.comparingLong(OpenPrediction::at))
                        .toList(),
                waiting,
                List.copyOf(closed.values()),
                tally.counts());
    }

    private void remember(OpenPrediction prediction) {
        String key = key(prediction);
        open.put(key, prediction);
        openAt.computeIfAbsent(place(prediction), _ -> new ArrayList<>()).add(key);
    }

    private void forget(OpenPrediction prediction) {
        String key = key(prediction);
        open.remove(key);
        List<String> there = openAt.get(place(prediction));
        if (there != null) {
            there.remove(key);
            if (there.isEmpty()) {
                openAt.remove(place(prediction));
            }
        }
    }

    private void remember(Closed done) {
        closed.put(done.key(), done);
        closedAt.put(new Place(done.entity(), done.time()), done.label());
    }

    private static String key(OpenPrediction prediction) {
        return key(prediction.id(), prediction.role());
    }

    /** A shadow has the id of the answer it shadows. */
    private static String key(String id, Role role) {
        return role == Role.SHADOW ? id + "/shadow" : id;
    }

    private static Place place(OpenPrediction prediction) {
        return new Place(prediction.entity(), prediction.time());
    }

    private static Place place(Label label) {
        return new Place(label.entity(), label.time());
    }
}
