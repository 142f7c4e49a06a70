package dev.perennial.model;

/**
 * One tree of an ensemble, by its nodes; node 0 is the root.
 *
 * @param lefts −1 for a leaf
 * @param rights −1 for a leaf
 * @param columns that an inner node splits on
 * @param values an inner node's threshold, a leaf's value
 * @param missingGoesLeft per inner node
 * @param covers how much of the training rows came by (sum of their hessians)
 */
record DecisionTree(
        int[] lefts,
        int[] rights,
        int[] columns,
        float[] values,
        boolean[] missingGoesLeft,
        float[] covers) {
    boolean isLeaf(int node) {
        return lefts[node] < 0;
    }

    int left(int node) {
        return lefts[node];
    }

    int right(int node) {
        return rights[node];
    }

    int column(int node) {
        return columns[node];
    }

    /** A leaf's value. */
    float value(int leaf) {
        return values[leaf];
    }

    /** Where a value goes on from an inner node. */
    int next(int node, float value) {
        boolean goesLeft = Float.isNaN(value) ? missingGoesLeft[node] : value < values[node];
        return goesLeft ? lefts[node] : rights[node];
    }

    /** The share of its parent's training rows that came to a node. */
    double share(int child, int parent) {
        return covers[parent] > 0 ? (double) covers[child] / covers[parent] : 0.5;
    }

    /** What the tree predicts on average below a node, over the training rows. */
    double mean(int node) {
        return isLeaf(node)
                ? values[node]
                : share(lefts[node], node) * mean(lefts[node])
                        + share(rights[node], node) * mean(rights[node]);
    }

    /** Splits on the longest way down. */
    int depth() {
        return depth(0);
    }

    private int depth(int node) {
        return isLeaf(node) ? 0 : 1 + Math.max(depth(lefts[node]), depth(rights[node]));
    }
}
