package dev.perennial.predict;

import dev.perennial.core.live.Role;
import dev.perennial.core.store.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A version that predicts beside the champion until its run's question is answered.
 *
 * @param share of the callers that it answers; 0 in shadow
 */
record Challenger(ServedModel model, double share) {
    private static final double RANGE = Math.scalb(1.0, Long.SIZE);

    /**
     * As what it predicts a row. The same caller sees the same model during the whole trial;
     * another trial meets other callers.
     *
     * @param entity whom the row is of
     */
    Role role(String entity) {
        if (share == 0) {
            return Role.SHADOW;
        }
        byte[] name = (model.version() + "/" + entity).getBytes(StandardCharsets.UTF_8);
        byte[] digest = HexFormat.of().parseHex(Digest.of(name).hex());
        double place = ByteBuffer.wrap(digest).getLong() / RANGE + 0.5;
        return place < share ? Role.CANARY : Role.SHADOW;
    }
}
