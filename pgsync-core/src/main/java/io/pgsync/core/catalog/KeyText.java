package io.pgsync.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The forms of a key value: the text of the type's output function (in the log, in queries and in their parameters;
 * UTC, ISO), the form inside an {@code _id} (where PGSync put the text of the Python value), and the form inside JSON.
 */
public final class KeyText {
    private static final Pattern FRACTION = Pattern.compile("\\.(\\d{1,6})(?=\\D|$)");
    private static final Pattern TRAILING_ZEROS = Pattern.compile("\\.(\\d*?)0+(?=\\D|$)");

    private static final Pattern INTEGER = Pattern.compile("-?\\d+");
    private static final Pattern NUMBER = Pattern.compile("-?(\\d[\\d.]*(e[-+]?\\d+)?|Infinity)|NaN");
    private static final Pattern TIME = Pattern.compile("\\d[\\d:. +-]*( BC)?|-?infinity");
    private static final Pattern UUID = Pattern.compile("[0-9a-f-]{36}");
    private static final String BYTE_TEXTS = "(?:[^\\\\]|\\\\(?:x[0-9a-f]{2}|[tnr'\\\\]))*";
    private static final Pattern BYTES = Pattern.compile("b'" + BYTE_TEXTS + "'|b\"" + BYTE_TEXTS + "\"");

    /** Types of possible keys whose cast to text differs from their output function. */
    private static final Set<String> CAST_OTHERWISE = Set.of("bpchar", "inet");

    /** Types whose values consist of digits, letters, and certain signs, but never of {@code |}. */
    private static final Set<String> WITHOUT_BARS = Set.of(
            "int2",
            "int4",
            "int8",
            "oid",
            "numeric",
            "float4",
            "float8",
            "bool",
            "uuid",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "bit",
            "varbit",
            "pg_lsn",
            "xid8");

    private KeyText() {}

    /** From the server's text form to the form in an {@code _id}. */
    public static String inId(ColumnType type, String text) {
        return switch (type.baseName()) {
            case "bool" -> text.startsWith("t") || text.equals("True") ? "True" : "False";
            case "timestamptz", "timetz" -> withFullOffset(withMicroseconds(text));
            case "timestamp", "time" -> withMicroseconds(text);
            case "float4", "float8" -> text.matches("-?\\d+") ? text + ".0" : text;
            case "bytea" -> PythonBytes.literal(text);
            default -> text;
        };
    }

    /** Whether SQL's cast to text gives a different text from the type's output function. */
    public static boolean isCastOtherwise(ColumnType type) {
        return CAST_OTHERWISE.contains(type.baseName());
    }

    /** Whether a value's form in an {@code _id} may contain {@code |}. */
    public static boolean mayContainBars(ColumnType type) {
        return !WITHOUT_BARS.contains(type.baseName());
    }

    /**
     * Whether a value always keeps its text: that of {@code regclass} and similar types is the current name of another
     * object.
     */
    public static boolean isLasting(ColumnType type) {
        return !type.baseName()
                .matches("_?reg(class|proc|procedure|oper|operator|type|role|namespace|config|dictionary|collation)");
    }

    /**
     * Whether a part of an {@code _id} has the form of the type's values. To ask the source for any other would be an
     * error. For types without a fixed form, everything is possible.
     */
    public static boolean canBeInId(ColumnType type, String part) {
        return switch (type.baseName()) {
            case "int2", "int4", "int8" -> INTEGER.matcher(part).matches();
            case "numeric", "float4", "float8" -> NUMBER.matcher(part).matches();
            case "bool" -> part.equals("True") || part.equals("False");
            case "date", "time", "timetz", "timestamp", "timestamptz" ->
                TIME.matcher(part).matches();
            case "uuid" -> UUID.matcher(part).matches();
            case "bytea" -> BYTES.matcher(part).matches();
            default -> true;
        };
    }

    /** From the form in an {@code _id} back to the server's text form. */
    public static String fromId(ColumnType type, String id) {
        return switch (type.baseName()) {
            case "bool" -> id.equals("True") ? "t" : "f";
            case "timestamptz", "timetz" -> withoutZeros(id).replaceFirst("([+-]\\d\\d):00$", "$1");
            case "timestamp", "time" -> withoutZeros(id);
            case "float4", "float8" -> id.replaceFirst("\\.0$", "");
            case "bytea" -> PythonBytes.text(id);
            default -> id;
        };
    }

    /** From the server's text form to the text of the JSON value that {@code to_json} makes. */
    public static String inJson(ColumnType type, String text) {
        return switch (type.baseName()) {
            case "bool" -> text.startsWith("t") ? "true" : "false";
            case "timestamptz" -> withFullOffsetInEveryEra(text.replaceFirst(" (?=\\d)", "T"));
            case "timestamp" -> text.replaceFirst(" (?=\\d)", "T");
            default -> text;
        };
    }

    private static String withFullOffset(String text) {
        return text.replaceFirst("([+-]\\d\\d)$", "$1:00");
    }

    /** JSON has the full offset, also in the era BC. */
    private static String withFullOffsetInEveryEra(String text) {
        return text.replaceFirst("([+-]\\d\\d)( BC)?$", "$1:00$2");
    }

    private static String withMicroseconds(String text) {
        return FRACTION.matcher(text).replaceFirst(m -> "." + (m.group(1) + "00000").substring(0, 6));
    }

    private static String withoutZeros(String text) {
        return TRAILING_ZEROS.matcher(text).replaceFirst(m -> m.group(1).isEmpty() ? "" : "." + m.group(1));
    }

    /** The text of a Python bytes value, {@code b'\x01'}, from bytea's hex form, {@code \x01}. */
    private static final class PythonBytes {
        static String literal(String hexForm) {
            byte[] bytes = HexFormat.of().parseHex(hexForm, 2, hexForm.length());
            boolean doubleQuoted = contains(bytes, '\'') && !contains(bytes, '"');
            var literal = new StringBuilder(doubleQuoted ? "b\"" : "b'");
            for (byte b : bytes) {
                literal.append(escaped(b, doubleQuoted));
            }
            return literal.append(doubleQuoted ? '"' : '\'').toString();
        }

        private static boolean contains(byte[] bytes, char wanted) {
            for (byte b : bytes) {
                if (b == wanted) {
                    return true;
                }
            }
            return false;
        }

        private static String escaped(byte b, boolean doubleQuoted) {
            return switch (b) {
                case '\\' -> "\\\\";
                case '\t' -> "\\t";
                case '\n' -> "\\n";
                case '\r' -> "\\r";
                case '\'' -> doubleQuoted ? "'" : "\\'";
                default ->
                    b >= 0x20 && b < 0x7f
                            ? String.valueOf((char) b)
                            : "\\x" + HexFormat.of().toHexDigits(b);
            };
        }

        static String text(String literal) {
            var hex = new StringBuilder("\\x");
            byte[] inner = literal.substring(2, literal.length() - 1).getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i < inner.length; i++) {
                if (inner[i] != '\\') {
                    hex.append(HexFormat.of().toHexDigits(inner[i]));
                } else if (inner[++i] == 'x') {
                    hex.append((char) inner[i + 1]).append((char) inner[i + 2]);
                    i += 2;
                } else {
                    hex.append(HexFormat.of().toHexDigits(unescaped(inner[i])));
                }
            }
            return hex.toString();
        }

        private static byte unescaped(byte letter) {
            return switch (letter) {
                case 't' -> '\t';
                case 'n' -> '\n';
                case 'r' -> '\r';
                default -> letter;
            };
        }
    }
}
