package dev.perennial.core.spec;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The documents of a YAML file, hostile ones refused. */
final class YamlDocuments {
    /** Largest file that is read, in characters. */
    private static final int MAX_LENGTH = 1 << 20;

    /** Deepest nesting; composing goes as deep on the stack. A spec needs five. */
    private static final int MAX_DEPTH = 50;

    private YamlDocuments() {}

    /**
     * The documents that hold something, at least one.
     *
     * @param expected what the file should be
     * @throws InvalidSpecException if it is no YAML, or holds nothing
     */
    static List<Node> compose(String file, String yaml, String expected) {
        if (yaml.length() > MAX_LENGTH) {
            throw problem(file, 1, yaml.length() + " characters", "at most 1 MiB");
        }
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file)
                        .setAllowDuplicateKeys(true) // noted by YamlMap, with every other problem
                        .setMaxAliasesForCollections(20)
                        .build();
        try {
            checkDepth(file, new Parse(settings).parseString(yaml), expected);
            List<Node> documents = new ArrayList<>();
            for (Node document : new Compose(settings).composeAllFromString(yaml)) {
                if (documents.isEmpty() || !document.getTag().equals(Tag.NULL)) {
                    documents.add(document);
                }
            }
            if (documents.isEmpty()) {
                throw problem(file, 1, "an empty file", expected);
            }
            return documents;
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw problem(file, line, broken.getProblem(), "valid YAML");
        } catch (YamlEngineException broken) {
            throw problem(file, 1, String.valueOf(broken.getMessage()), "valid YAML");
        }
    }

    private static void checkDepth(String file, Iterable<Event> events, String expected) {
        int depth = 0;
        for (Event event : events) {
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> depth++;
                case SequenceEnd, MappingEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
                throw problem(
                        file,
                        line,
                        "more than %d levels of nesting".formatted(MAX_DEPTH),
                        expected);
            }
        }
    }

    private static InvalidSpecException problem(
            String file, int line, String found, String expected) {
        return new InvalidSpecException(
                List.of(new SpecProblem(file, line, "(document)", found, expected)));
    }
}
