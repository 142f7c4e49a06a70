package dev.perennial.local.permission;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Keys of one session. S3 checks the signature that is made with them; the other servers, which
 * listen on loopback only, know by the access key who calls.
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
