package dev.perennial.aws;

import dev.perennial.core.promotion.Question;
import dev.perennial.core.promotion.Questions;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Questions in the registry's table: {@code PIPELINE#name}, {@code QUESTION#run}, record (JSON).
 */
public final class DynamoDbQuestions implements Questions {
    private static final String PREFIX = "QUESTION#";

    private final RegistryTable table;

    public DynamoDbQuestions(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    @Override
    public void ask(Question question) {
        Map<String, AttributeValue> item =
                RegistryTable.key(partition(question.pipeline()), PREFIX + question.run());
        item.put("record", RegistryTable.json(question));
        table.write("keeping the question of run " + question.run(), table.put(item));
    }

    @Override
    public void close(String pipeline, String run) {
        table.write(
                "closing the question of run " + run,
                table.delete(RegistryTable.key(partition(pipeline), PREFIX + run)));
    }

    @Override
    public List<Question> open(String pipeline) {
        return table.query(partition(pipeline), PREFIX).stream()
                .map(item -> RegistryTable.recorded(item, Question.class))
                .toList();
    }

    private static String partition(String pipeline) {
        return "PIPELINE#" + pipeline;
    }
}
