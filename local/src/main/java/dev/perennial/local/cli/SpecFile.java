package dev.perennial.local.cli;

import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A spec as the user has it. */
record SpecFile(PipelineSpec spec, String yaml) {
    /** A spec that is not in a file. */
    static SpecFile of(String name, String yaml) {
        return new SpecFile(SpecReader.read(name, yaml), yaml);
    }

    static SpecFile read(Path file) {
        try {
            String yaml = Files.readString(file);
            return new SpecFile(SpecReader.read(file.toString(), yaml), yaml);
        } catch (CharacterCodingException notText) {
            throw new WrongUsageException(file + " is not UTF-8 text; expected a pipeline spec");
        } catch (IOException failed) {
            throw new WrongUsageException(
                    Files.isDirectory(file)
                            ? file + " is a folder; expected a pipeline spec"
                            : file + " can't be read; is the path right?");
        }
    }
}
