package dev.perennial.core.evaluation;

/**
 * How a model did on the parts of its test split.
 *
 * @param rows by slice
 * @param errors sum by slice: of a classification the wrong ones, of a regression the absolute
 *     errors
 */
public record SliceErrors(Slices slices, long[] rows, double[] errors) {}
