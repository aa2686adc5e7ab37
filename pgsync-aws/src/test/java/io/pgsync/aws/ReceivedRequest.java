package io.pgsync.aws;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request as it arrived, and the signature that it should have: written from AWS's description of Signature Version 4,
 * without anything of AWS's libraries.
 *
 * @param target as in the request line
 * @param headers by their names in lower case
 */
public record ReceivedRequest(String method, String target, Map<String, String> headers, byte[] body) {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /** The parts of a header {@code Authorization}. */
    public record Authorization(String accessKey, String day, String scope, List<String> signed, String signature) {
        /** Empty if the text has another form. */
        public static Optional<Authorization> of(String header) {
            String form = "AWS4-HMAC-SHA256 Credential=([^/]+)/((\\d{8})/[^,]+), SignedHeaders=([^,]+), Signature=(.*)";
            var matcher = java.util.regex.Pattern.compile(form).matcher(header);
            return matcher.matches()
                    ? Optional.of(new Authorization(
                            matcher.group(1),
                            matcher.group(3),
                            matcher.group(2),
                            List.of(matcher.group(4).split(";")),
                            matcher.group(5)))
                    : Optional.empty();
        }
    }

    public Optional<Authorization> authorization() {
        return Authorization.of(header("authorization"));
    }

    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** {@code scope}: day, region, service and a constant. */
    public String signature(String secret, String scope, List<String> signed) {
        String text = String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                header("x-amz-date"),
                scope,
                hash(canonical(signed).getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = keyed(key, part);
        }
        return HexFormat.of().formatHex(keyed(key, text));
    }

    public String canonical(List<String> signed) {
        String lines = signed.stream()
                .map(name -> name + ":" + header(name).strip().replaceAll(" +", " ") + "\n")
                .collect(Collectors.joining());
        return String.join("\n", method, path(), query(), lines, String.join(";", signed), hash(body));
    }

    public String bodyHash() {
        return hash(body);
    }

    /** Normal, and encoded once more: what is encoded in the request line is encoded twice here. */
    private String path() {
        String sent = target.split("\\?", 2)[0];
        String normal = sent.matches("/*")
                ? "/"
                : URI.create(encoded(sent).replace("%2F", "/")).normalize().getRawPath();
        return normal;
    }

    private String query() {
        String[] parts = target.split("\\?", 2);
        if (parts.length < 2 || parts[1].isEmpty()) {
            return "";
        }
        return Arrays.stream(parts[1].split("&"))
                .map(parameter -> (parameter + "=").split("=", -1))
                .map(pair -> new String[] {encoded(decoded(pair[0])), encoded(decoded(pair[1]))})
                .sorted((one, other) -> {
                    int names = one[0].compareTo(other[0]);
                    return names == 0 ? one[1].compareTo(other[1]) : names;
                })
                .map(pair -> pair[0] + "=" + pair[1])
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(
                    UNRESERVED.indexOf(each) >= 0
                            ? String.valueOf((char) each)
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(each));
        }
        return encoded.toString();
    }

    private static String decoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var decoded = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                decoded.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] keyed(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
