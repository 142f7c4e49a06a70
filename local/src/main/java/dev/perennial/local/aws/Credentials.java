package dev.perennial.local.aws;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Keys of one session. S3 answers only those who sign with them; DynamoDB Local and the queues take
 * any key, and listen on loopback only.
 */
public record Credentials(String accessKey, String secretKey) {
    public static Credentials random() {
        SecureRandom random = new SecureRandom();
        byte[] access = new byte[8];
        byte[] secret = new byte[20];
        random.nextBytes(access);
        random.nextBytes(secret);
        return new Credentials(
                "LOCAL" + HexFormat.of().withUpperCase().formatHex(access),
                HexFormat.of().formatHex(secret));
    }
}
