package dev.perennial.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS with backtracking (Nocedal and Wright, <i>Numerical Optimization</i>, 2006,
 * algorithms 7.4, 7.5, 3.1).
 */
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final double GRADIENT_TOLERANCE = 1e-7;
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final int MAX_HALVINGS = 40;

    private Lbfgs() {}

    /** A smooth convex function. */
    interface Objective {
        /** The value at a point; fills the gradient there. */
        double at(double[] point, double[] gradient);
    }

    record Minimum(double[] point, int iterations) {}

    private record Step(double[] move, double[] gradientChange, double curvature) {}

    static Minimum minimise(Objective objective, double[] start, int maxIterations) {
        double[] point = start.clone();
        double[] gradient = new double[point.length];
        double value = objective.at(point, gradient);
        Deque<Step> steps = new ArrayDeque<>();
        for (int iteration = 0; iteration < maxIterations; iteration++) {
            if (largest(gradient) < GRADIENT_TOLERANCE) {
                return new Minimum(point, iteration);
            }
            double[] direction = direction(gradient, steps);
            double slope = dot(direction, gradient);
            double size = steps.isEmpty() ? Math.min(1, 1 / largest(gradient)) : 1;
            double[] next = new double[point.length];
            double[] nextGradient = new double[point.length];
            double nextValue = Double.POSITIVE_INFINITY;
            for (int halving = 0; halving < MAX_HALVINGS; halving++, size /= 2) {
                for (int i = 0; i < next.length; i++) {
                    next[i] = point[i] + size * direction[i];
                }
                nextValue = objective.at(next, nextGradient);
                if (nextValue <= value + SUFFICIENT_DECREASE * size * slope) {
                    break;
                }
            }
            if (!(nextValue < value)) {
                return new Minimum(point, iteration); // no progress left at this precision
            }
            remember(steps, point, next, gradient, nextGradient);
            point = next;
            gradient = nextGradient;
            value = nextValue;
        }
        return new Minimum(point, maxIterations);
    }

    private static void remember(
            Deque<Step> steps,
            double[] point,
            double[] next,
            double[] gradient,
            double[] nextGradient) {
        double[] move = minus(next, point);
        double[] change = minus(nextGradient, gradient);
        double curvature = dot(move, change);
        if (curvature > 1e-18) {
            steps.addLast(new Step(move, change, curvature));
            if (steps.size() > MEMORY) {
                steps.removeFirst();
            }
        }
    }

    /** The two-loop recursion: −H·g. */
    private static double[] direction(double[] gradient, Deque<Step> steps) {
        double[] result = gradient.clone();
        double[] alphas = new double[steps.size()];
        int index = steps.size();
        for (Iterator<Step> newestFirst = steps.descendingIterator(); newestFirst.hasNext(); ) {
            Step step = newestFirst.next();
            alphas[--index] = dot(step.move(), result) / step.curvature();
            add(result, -alphas[index], step.gradientChange());
        }
        if (!steps.isEmpty()) {
            Step newest = steps.getLast();
            double scale =
                    newest.curvature() / dot(newest.gradientChange(), newest.gradientChange());
            for (int i = 0; i < result.length; i++) {
                result[i] *= scale;
            }
        }
        for (Step step : steps) {
            double beta = dot(step.gradientChange(), result) / step.curvature();
            add(result, alphas[index++] - beta, step.move());
        }
        for (int i = 0; i < result.length; i++) {
            result[i] = -result[i];
        }
        return result;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static void add(double[] to, double factor, double[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * from[i];
        }
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
