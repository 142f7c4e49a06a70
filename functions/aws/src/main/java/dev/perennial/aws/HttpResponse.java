package dev.perennial.aws;

/** What a Function URL answers. */
public record HttpResponse(int status, String contentType, byte[] body) {
    public static HttpResponse json(int status, byte[] body) {
        return new HttpResponse(status, "application/json", body);
    }
}
