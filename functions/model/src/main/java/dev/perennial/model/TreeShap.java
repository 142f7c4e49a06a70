package dev.perennial.model;

/**
 * What each column contributes to a tree's prediction, by Shapley values over the paths that the
 * training rows took (Lundberg, Erion and Lee 2018, "Consistent individualized feature attribution
 * for tree ensembles", algorithm 2; XGBoost's {@code pred_contribs}).
 */
final class TreeShap {
    private final DecisionTree tree;
    private final float[] row;
    private final double[] contributions;

    private TreeShap(DecisionTree tree, float[] row, double[] contributions) {
        this.tree = tree;
        this.row = row;
        this.contributions = contributions;
    }

    /**
     * Adds one tree's contributions.
     *
     * @param row a prepared row, NaN where missing
     * @param contributions one per column, and at the end the baseline: what the tree predicts on
     *     average
     */
    static void add(DecisionTree tree, float[] row, double[] contributions) {
        contributions[contributions.length - 1] += tree.mean(0);
        new TreeShap(tree, row, contributions).visit(0, new Path(tree.depth() + 2), 1, 1, -1);
    }

    /**
     * The columns that were split on from the root to a node, each once. Of the subsets of columns
     * that are known, {@code weight[i]} is the share of those with i of the path's columns.
     */
    private static final class Path {
        private final int[] column;

        /** Share of training rows that go on this way where the column isn't known. */
        private final double[] unknown;

        /** 1 where the row itself goes on this way, else 0. */
        private final double[] known;

        private final double[] weight;
        private int length;

        Path(int longest) {
            column = new int[longest];
            unknown = new double[longest];
            known = new double[longest];
            weight = new double[longest];
        }

        Path copy() {
            Path copy = new Path(column.length);
            System.arraycopy(column, 0, copy.column, 0, length);
            System.arraycopy(unknown, 0, copy.unknown, 0, length);
            System.arraycopy(known, 0, copy.known, 0, length);
            System.arraycopy(weight, 0, copy.weight, 0, length);
            copy.length = length;
            return copy;
        }

        void extend(double unknownShare, double knownShare, int splitColumn) {
            int last = length;
            column[last] = splitColumn;
            unknown[last] = unknownShare;
            known[last] = knownShare;
            weight[last] = last == 0 ? 1 : 0;
            for (int i = last - 1; i >= 0; i--) {
                weight[i + 1] += knownShare * weight[i] * (i + 1) / (last + 1);
                weight[i] = unknownShare * weight[i] * (last - i) / (last + 1);
            }
            length++;
        }

        /** Takes a column out again, as if it had never been split on. */
        void unwind(int at) {
            int last = length - 1;
            double next = weight[last];
            for (int i = last - 1; i >= 0; i--) {
                if (known[at] != 0) {
                    double before = weight[i];
                    weight[i] = next * (last + 1) / ((i + 1) * known[at]);
                    next = before - weight[i] * unknown[at] * (last - i) / (last + 1);
                } else if (unknown[at] != 0) {
                    weight[i] = weight[i] * (last + 1) / (unknown[at] * (last - i));
                }
            }
            for (int i = at; i < last; i++) {
                column[i] = column[i + 1];
                unknown[i] = unknown[i + 1];
                known[i] = known[i + 1];
            }
            length--;
        }

        /** All weights together, were a column taken out. */
        double sumWithout(int at) {
            Path without = copy();
            without.unwind(at);
            double sum = 0;
            for (int i = 0; i < without.length; i++) {
                sum += without.weight[i];
            }
            return sum;
        }

        int find(int splitColumn) {
            for (int i = 1; i < length; i++) {
                if (column[i] == splitColumn) {
                    return i;
                }
            }
            return -1;
        }
    }

    private void visit(int node, Path parent, double unknown, double known, int column) {
        Path path = parent.copy();
        path.extend(unknown, known, column);
        if (tree.isLeaf(node)) {
            for (int i = 1; i < path.length; i++) {
                contributions[path.column[i]] +=
                        path.sumWithout(i) * (path.known[i] - path.unknown[i]) * tree.value(node);
            }
            return;
        }
        int split = tree.column(node);
        double unknownHere = 1;
        double knownHere = 1;
        int before = path.find(split);
        if (before >= 0) {
            unknownHere = path.unknown[before];
            knownHere = path.known[before];
            path.unwind(before);
        }
        int taken = tree.next(node, row[split]);
        int other = taken == tree.left(node) ? tree.right(node) : tree.left(node);
        visit(taken, path, unknownHere * tree.share(taken, node), knownHere, split);
        visit(other, path, unknownHere * tree.share(other, node), 0, split);
    }
}
