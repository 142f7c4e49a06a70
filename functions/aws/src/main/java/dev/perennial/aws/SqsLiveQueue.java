package dev.perennial.aws;

import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/** The queue in SQS. Rows that don't fit one message are halved until they do. */
public final class SqsLiveQueue implements LiveQueue {
    /** SQS's limit for a message, and for all messages of one call, less room for its own words. */
    static final int MAX_BYTES = 250_000;

    private static final int MAX_ENTRIES = 10;

    private final SqsClient sqs;
    private final String url;

    public SqsLiveQueue(SqsClient sqs, String url) {
        this.sqs = sqs;
        this.url = url;
    }

    /** Rows that fit one message. */
    private record Part(LiveMessage message, byte[] json) {
        String body() {
            return new String(json, StandardCharsets.UTF_8);
        }
    }

    /** A row that fits no message doesn't keep the others from being sent. */
    @Override
    public void send(LiveMessage message) {
        List<Part> parts = new ArrayList<>();
        List<LiveMessage> notTaken = new ArrayList<>();
        divide(message, parts, notTaken);
        String why =
                "%d rows are larger than the %,d bytes of a message"
                        .formatted(notTaken.size(), MAX_BYTES);
        Throwable cause = new IOException("too large");
        Deque<List<Part>> calls = calls(parts);
        try {
            while (!calls.isEmpty()) {
                send(calls.getFirst());
                calls.removeFirst();
            }
        } catch (SdkException | IOException failed) {
            why = String.valueOf(failed.getMessage());
            cause = failed;
        }
        calls.forEach(call -> call.forEach(part -> notTaken.add(part.message())));
        if (!notTaken.isEmpty()) {
            throw new QueueUnavailableException(why, notTaken, cause);
        }
    }

    private static Deque<List<Part>> calls(List<Part> parts) {
        Deque<List<Part>> calls = new ArrayDeque<>();
        int bytes = 0;
        for (Part part : parts) {
            if (calls.isEmpty()
                    || calls.getLast().size() == MAX_ENTRIES
                    || bytes + part.json().length > MAX_BYTES) {
                calls.add(new ArrayList<>());
                bytes = 0;
            }
            calls.getLast().add(part);
            bytes += part.json().length;
        }
        return calls;
    }

    private static void divide(LiveMessage message, List<Part> parts, List<LiveMessage> tooLarge) {
        byte[] json = message.toJson();
        if (json.length <= MAX_BYTES) {
            parts.add(new Part(message, json));
            return;
        }
        Table rows = message.rows();
        if (rows.rows() == 1) {
            tooLarge.add(message);
            return;
        }
        int half = rows.rows() / 2;
        divide(part(message, rows.range(0, half)), parts, tooLarge);
        divide(part(message, rows.range(half, rows.rows())), parts, tooLarge);
    }

    private static LiveMessage part(LiveMessage whole, Table rows) {
        return new LiveMessage(whole.pipeline(), whole.kind(), whole.version(), rows);
    }

    private void send(List<Part> parts) throws IOException {
        if (parts.size() == 1) {
            sqs.sendMessage(request -> request.queueUrl(url).messageBody(parts.getFirst().body()));
            return;
        }
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Part part : parts) {
            entries.add(
                    SendMessageBatchRequestEntry.builder()
                            .id(Integer.toString(entries.size()))
                            .messageBody(part.body())
                            .build());
        }
        SendMessageBatchResponse response =
                sqs.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
        if (!response.failed().isEmpty()) {
            throw new IOException(
                    "%d of %d messages refused, the first with %s"
                            .formatted(
                                    response.failed().size(),
                                    parts.size(),
                                    response.failed().getFirst().message()));
        }
    }
}
