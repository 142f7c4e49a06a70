package dev.perennial.local.states;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The functions that Step Functions adds to JSONata, and those of JSONata that read the clock or
 * draw at random, bound to the executor's own clock and generator.
 */
final class JsonataFunctions {
    private static final Set<String> DIGESTS =
            Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

    /** Of States.ArrayRange, whose equivalent $range is. */
    private static final int LONGEST_RANGE = 1000;

    private final InstantSource clock;
    private final RandomGenerator random;

    JsonataFunctions(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    void bindTo(Jsonata.Frame frame) {
        long now = clock.millis();
        bind(frame, "partition", "<an:a>", args -> partition(args.get(0), args.get(1)));
        bind(frame, "range", "<nnn:a>", args -> range(args.get(0), args.get(1), args.get(2)));
        bind(frame, "hash", "<ss:s>", args -> hash(args.get(0), args.get(1)));
        bind(frame, "random", "<n?:n>", args -> random(args.isEmpty() ? null : args.get(0)));
        bind(frame, "uuid", "<:s>", args -> uuid());
        bind(frame, "parse", "<s:x>", args -> parse(args.get(0)));
        bind(frame, "shuffle", "<a:a>", args -> shuffle(args.get(0)));
        bind(frame, "now", "<s?s?:s>", args -> now(now, args));
        bind(frame, "millis", "<:n>", args -> now);
    }

    private static void bind(
            Jsonata.Frame frame,
            String name,
            String signature,
            Jsonata.FnVarArgs<@Nullable Object> function) {
        frame.bind(name, Jsonata.function(name, function, signature));
    }

    private static @Nullable Object partition(@Nullable Object array, @Nullable Object size) {
        if (!(array instanceof List<?> list) || !(size instanceof Number n)) {
            return null;
        }
        int length = (int) Math.floor(n.doubleValue());
        if (length < 1) {
            throw new JException("$partition expects a size of at least 1 but got " + n, -1);
        }
        List<Object> parts = new ArrayList<>();
        for (int from = 0; from < list.size(); from += length) {
            parts.add(new ArrayList<>(list.subList(from, Math.min(list.size(), from + length))));
        }
        return parts;
    }

    /** AWS's guide: functions that need whole numbers round others down. */
    private static @Nullable Object range(
            @Nullable Object first, @Nullable Object last, @Nullable Object step) {
        if (!(first instanceof Number f)
                || !(last instanceof Number l)
                || !(step instanceof Number s)) {
            return null;
        }
        double from = Math.floor(f.doubleValue());
        double delta = Math.floor(s.doubleValue());
        if (delta == 0) {
            throw new JException("$range expects a step that is not 0 after rounding down", -1);
        }
        double count = Math.floor((Math.floor(l.doubleValue()) - from) / delta) + 1;
        if (count > LONGEST_RANGE) {
            throw new JException("$range gives at most " + LONGEST_RANGE + " values", -1);
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(from + i * delta);
        }
        return values;
    }

    private static @Nullable Object hash(@Nullable Object text, @Nullable Object algorithm) {
        if (!(text instanceof String content)) {
            return null;
        }
        if (!(algorithm instanceof String name) || !DIGESTS.contains(name)) {
            throw new JException("$hash knows " + DIGESTS + " but not " + algorithm, -1);
        }
        try {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }

    private Object random(@Nullable Object seed) {
        return seed instanceof Number n
                ? new SplittableRandom((long) Math.floor(n.doubleValue())).nextDouble()
                : random.nextDouble();
    }

    /** RFC 9562, version 4. */
    private Object uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    private static @Nullable Object parse(@Nullable Object text) {
        if (!(text instanceof String json)) {
            return null;
        }
        try {
            return JsonataValues.toJsonata(Json.parse(json));
        } catch (IllegalArgumentException e) {
            throw new JException("$parse expects JSON: " + e.getMessage(), -1);
        }
    }

    private @Nullable Object shuffle(@Nullable Object array) {
        if (!(array instanceof List<?> list)) {
            return null;
        }
        List<?> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static Object now(long millis, List<?> args) {
        return Functions.dateTimeFromMillis(millis, text(args, 0), text(args, 1));
    }

    private static @Nullable String text(List<?> args, int index) {
        return index < args.size() && args.get(index) instanceof String s ? s : null;
    }
}
