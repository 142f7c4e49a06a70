package dev.perennial.aws;

import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

    @Override
    public void send(LiveMessage message) {
        List<byte[]> bodies = new ArrayList<>();
        divide(message, bodies);
        List<String> call = new ArrayList<>();
        int bytes = 0;
        for (byte[] body : bodies) {
            if (!call.isEmpty()
                    && (call.size() == MAX_ENTRIES || bytes + body.length > MAX_BYTES)) {
                send(call);
                call.clear();
                bytes = 0;
            }
            call.add(new String(body, StandardCharsets.UTF_8));
            bytes += body.length;
        }
        send(call);
    }

    private static void divide(LiveMessage message, List<byte[]> bodies) {
        byte[] json = message.toJson();
        if (json.length <= MAX_BYTES) {
            bodies.add(json);
            return;
        }
        Table rows = message.rows();
        if (rows.rows() == 1) {
            throw new QueueUnavailableException(
                    "one row takes %,d bytes, a message holds %,d"
                            .formatted(json.length, MAX_BYTES),
                    new IOException("too large"));
        }
        int half = rows.rows() / 2;
        divide(part(message, rows.range(0, half)), bodies);
        divide(part(message, rows.range(half, rows.rows())), bodies);
    }

    private static LiveMessage part(LiveMessage whole, Table rows) {
        return new LiveMessage(whole.pipeline(), whole.kind(), whole.version(), rows);
    }

    private void send(List<String> bodies) {
        try {
            if (bodies.size() == 1) {
                sqs.sendMessage(request -> request.queueUrl(url).messageBody(bodies.getFirst()));
                return;
            }
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
            for (String body : bodies) {
                entries.add(
                        SendMessageBatchRequestEntry.builder()
                                .id(Integer.toString(entries.size()))
                                .messageBody(body)
                                .build());
            }
            SendMessageBatchResponse response =
                    sqs.sendMessageBatch(request -> request.queueUrl(url).entries(entries));
            if (!response.failed().isEmpty()) {
                throw new QueueUnavailableException(
                        "%d of %d messages refused, the first with %s"
                                .formatted(
                                        response.failed().size(),
                                        bodies.size(),
                                        response.failed().getFirst().message()),
                        new IOException("refused"));
            }
        } catch (SdkException failed) {
            throw new QueueUnavailableException(String.valueOf(failed.getMessage()), failed);
        }
    }
}
