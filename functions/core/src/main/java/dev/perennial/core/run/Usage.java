package dev.perennial.core.run;

/**
 * What one function call is billed for.
 *
 * @param billedMillis rounded up, start-up included
 * @param memoryMegabytes configured, so billed
 * @param peakMegabytes used at most; 0 where unknown
 */
public record Usage(String step, long billedMillis, int memoryMegabytes, int peakMegabytes) {
    /** Gigabyte-seconds, the unit of Lambda's price. */
    public double gigabyteSeconds() {
        return billedMillis / 1_000.0 * memoryMegabytes / 1_024.0;
    }
}
