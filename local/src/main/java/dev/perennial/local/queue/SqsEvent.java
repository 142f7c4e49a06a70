package dev.perennial.local.queue;

import dev.perennial.core.json.Json;
import dev.perennial.local.template.TemplateReader;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The event that Lambda makes of a batch of messages. */
final class SqsEvent {
    private SqsEvent() {}

    static byte[] of(SqsServer sqs, String queueArn, List<Message> messages) {
        return Json.write(
                Map.of(
                        "Records",
                        messages.stream().map(message -> record(sqs, queueArn, message)).toList()));
    }

    private static Map<String, Object> record(SqsServer sqs, String queueArn, Message message) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("messageId", message.messageId());
        record.put("receiptHandle", message.receiptHandle());
        record.put("body", message.body());
        record.put("attributes", sqs.attributes(message));
        Map<String, Object> attributes = new TreeMap<>();
        message.messageAttributes()
                .forEach((name, value) -> attributes.put(name, attribute(value)));
        record.put("messageAttributes", attributes);
        if (message.md5OfMessageAttributes() != null) {
            record.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
        }
        record.put("md5OfBody", message.md5OfBody());
        record.put("eventSource", "aws:sqs");
        record.put("eventSourceARN", queueArn);
        record.put("awsRegion", TemplateReader.REGION);
        return record;
    }

    private static Map<String, Object> attribute(MessageAttributeValue value) {
        Map<String, Object> attribute = new LinkedHashMap<>();
        if (value.stringValue() != null) {
            attribute.put("stringValue", value.stringValue());
        }
        if (value.binaryValue() != null) {
            attribute.put(
                    "binaryValue",
                    Base64.getEncoder().encodeToString(value.binaryValue().asByteArray()));
        }
        attribute.put("stringListValues", List.of());
        attribute.put("binaryListValues", List.of());
        attribute.put("dataType", value.dataType());
        return attribute;
    }
}
