package dev.perennial.local.lambda;

/**
 * What Lambda's REPORT line says.
 *
 * @param durationMillis of the event alone
 * @param billedMillis duration and start-up: AWS bills both since August 2025. Without the start-up
 *     where SnapStart keeps it; restoring, which AWS bills then, can't be measured here
 * @param initMillis of the start-up; 0 where the worker was warm
 * @param memoryMegabytes MemorySize
 * @param maxMemoryUsedMegabytes the process's resident memory at most, over its whole life as on
 *     AWS; 0 if it ended before it could be read, or shares its process with others
 */
public record InvocationReport(
        String requestId,
        long durationMillis,
        long billedMillis,
        long initMillis,
        int memoryMegabytes,
        int maxMemoryUsedMegabytes) {}
