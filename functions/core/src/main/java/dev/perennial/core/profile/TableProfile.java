package dev.perennial.core.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.perennial.core.json.Json;
import dev.perennial.core.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Profiles of all columns of a table. */
public record TableProfile(
        long rows,
        List<NumberProfile> numbers,
        List<CategoryProfile> categories,
        List<TimeProfile> times) {
    public TableProfile {
        numbers = List.copyOf(numbers);
        categories = List.copyOf(categories);
        times = List.copyOf(times);
    }

    public static TableProfile of(Table table) {
        // Columns don't depend on each other, and a function has up to six processors.
        List<ColumnProfile> profiles =
                table.columns().parallelStream().map(ColumnProfile::of).toList();
        return new TableProfile(
                table.rows(),
                only(NumberProfile.class, profiles),
                only(CategoryProfile.class, profiles),
                only(TimeProfile.class, profiles));
    }

    private static <C extends ColumnProfile> List<C> only(
            Class<C> type, List<ColumnProfile> profiles) {
        return profiles.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The same without some columns, such as personal ones, of which a sketch keeps values. */
    public TableProfile without(Set<String> columns) {
        return columns.isEmpty()
                ? this
                : new TableProfile(
                        rows,
                        without(numbers, columns),
                        without(categories, columns),
                        without(times, columns));
    }

    private static <C extends ColumnProfile> List<C> without(List<C> all, Set<String> columns) {
        return all.stream().filter(each -> !columns.contains(each.name())).toList();
    }

    /**
     * The profile of both parts together.
     *
     * @throws IllegalArgumentException if they don't have the same columns
     */
    public TableProfile merge(TableProfile other) {
        return merge(List.of(this, other));
    }

    /**
     * The profile of all parts together.
     *
     * @param parts at least one
     * @throws IllegalArgumentException if they don't have the same columns
     */
    public static TableProfile merge(List<TableProfile> parts) {
        return new TableProfile(
                parts.stream().mapToLong(TableProfile::rows).sum(),
                merge(parts, TableProfile::numbers, NumberProfile::merge),
                merge(parts, TableProfile::categories, CategoryProfile::merge),
                merge(
                        parts,
                        TableProfile::times,
                        times -> times.stream().reduce(TimeProfile::merge).orElseThrow()));
    }

    private static <C extends ColumnProfile> List<C> merge(
            List<TableProfile> parts,
            Function<TableProfile, List<C>> columns,
            Function<List<C>, C> merge) {
        List<String> names = names(columns.apply(parts.getFirst()));
        if (parts.stream().anyMatch(part -> !names(columns.apply(part)).equals(names))) {
            throw new IllegalArgumentException("profiles of different columns can't be merged");
        }
        return IntStream.range(0, names.size())
                .parallel() // columns don't depend on each other
                .mapToObj(column ->
                        merge.apply(
                                parts.stream()
                                        .map(part -> columns.apply(part).get(column))
                                        .toList()))
                .toList();
    }

    private static List<String> names(List<? extends ColumnProfile> columns) {
        return columns.stream().map(ColumnProfile::name).toList();
    }

    /** Times, then numbers, then categories. */
    @JsonIgnore
    public List<ColumnProfile> columns() {
        return Stream.of(times, numbers, categories).<ColumnProfile>flatMap(List::stream).toList();
    }

    /** The profile of a column of whatever type. */
    public Optional<ColumnProfile> column(String name) {
        return columns().stream().filter(column -> column.name().equals(name)).findFirst();
    }

    public Optional<NumberProfile> number(String name) {
        return numbers.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    public Optional<CategoryProfile> category(String name) {
        return categories.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    public Optional<TimeProfile> time(String name) {
        return times.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    public byte[] toJson() {
        return Json.write(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws dev.perennial.core.json.MalformedJsonException if it is anything else
     */
    public static TableProfile fromJson(byte[] json) {
        return Json.read("profile", json, TableProfile.class);
    }
}
