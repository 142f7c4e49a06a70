package dev.perennial.aws;

/**
 * What a caller sent to a Function URL.
 *
 * @param contentType as sent, "" if there is none
 * @param body as sent, no encoding around it
 */
public record HttpRequest(String method, String path, String contentType, byte[] body) {}
