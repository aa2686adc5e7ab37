package io.pgsync.elasticsearch;

import io.pgsync.elasticsearch.signing.RequestSigner;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How requests prove their sender. Secrets appear only in the header, never in {@code toString}. */
public sealed interface Authentication {
    /** The value of the {@code Authorization} header; empty if none is sent, or not the same one with all requests. */
    Optional<String> header();

    /** For an engine that needs no login. */
    record None() implements Authentication {
        @Override
        public Optional<String> header() {
            return Optional.empty();
        }
    }

    /** A user of the engine. */
    record Basic(String user, String password) implements Authentication {
        @Override
        public Optional<String> header() {
            byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(credentials));
        }

        @Override
        public String toString() {
            return "Basic[user=" + user + "]";
        }
    }

    /** {@code encoded}: the value that the engine returned as {@code encoded}, base64 of id and key. */
    record ApiKey(String encoded) implements Authentication {
        /** From the two parts, if the engine's {@code encoded} is not known. */
        public static ApiKey of(String id, String key) {
            return new ApiKey(Base64.getEncoder().encodeToString((id + ":" + key).getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public Optional<String> header() {
            return Optional.of("ApiKey " + encoded);
        }

        @Override
        public String toString() {
            return "ApiKey[]";
        }
    }

    /** A token, of a service account for instance. */
    record Bearer(String token) implements Authentication {
        @Override
        public Optional<String> header() {
            return Optional.of("Bearer " + token);
        }

        @Override
        public String toString() {
            return "Bearer[]";
        }
    }

    /** For a hosting service that wants every request signed. Its header is another one for each request. */
    record Signed(RequestSigner signer) implements Authentication {
        @Override
        public Optional<String> header() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "Signed[]";
        }
    }
}
