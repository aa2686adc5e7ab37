package io.pgsync.replication.pgoutput;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgsync.core.change.ColumnValue;
import io.pgsync.core.change.ColumnValue.Text;
import io.pgsync.core.change.ColumnValue.Unreadable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Set;

/**
 * How the texts of a stream are sent and read. A server ends the stream at the first text that it cannot convert to
 * UTF-8. So from every database that may hold such a text, we ask for the stored bytes. They are read as the server
 * would convert them ({@code TextEncodingIT} tries each character); a text that it would not convert is unreadable.
 */
public final class TextEncoding {
    /** Converted by the server, or stored in UTF-8. */
    public static final TextEncoding UTF8 = new TextEncoding("UTF8", UTF_8, Map.of());

    private static final String AS_STORED = "SQL_ASCII";

    /** Stands for a character that PostgreSQL does not know. */
    private static final char NONE = '\0';

    /** Characters of EUC-JP that the JDK decodes differently from PostgreSQL: from the JDK's to PostgreSQL's. */
    private static final Map<Character, Character> EUC_JP = Map.of(
            '\u2014', '\u2015',
            '\u301c', '\uff5e',
            '\u2016', '\u2225',
            '\u00ac', '\uffe2',
            '\u2212', '\uff0d',
            '\u00a2', '\uffe0',
            '\u00a3', '\uffe1',
            '\u00a6', '\uffe4',
            '\uff5e', NONE);

    /** Encodings that have characters without a counterpart in UTF-8, by PostgreSQL's name, with the JDK's name. */
    private static final Map<String, String> CHARSETS = Map.ofEntries(
            Map.entry(AS_STORED, "UTF-8"),
            Map.entry("LATIN3", "ISO-8859-3"),
            Map.entry("ISO_8859_6", "ISO-8859-6"),
            Map.entry("ISO_8859_7", "ISO-8859-7"),
            Map.entry("ISO_8859_8", "ISO-8859-8"),
            Map.entry("WIN874", "x-windows-874"),
            Map.entry("WIN1250", "windows-1250"),
            Map.entry("WIN1251", "windows-1251"),
            Map.entry("WIN1252", "windows-1252"),
            Map.entry("WIN1253", "windows-1253"),
            Map.entry("WIN1254", "windows-1254"),
            Map.entry("WIN1255", "windows-1255"),
            Map.entry("WIN1257", "windows-1257"),
            Map.entry("WIN1258", "windows-1258"),
            Map.entry("EUC_CN", "GB2312"),
            Map.entry("EUC_KR", "EUC-KR"),
            Map.entry("EUC_JP", "EUC-JP"));

    /** More such encodings, of which the JDK decodes many characters differently. */
    private static final Set<String> UNREAD = Set.of("EUC_TW", "EUC_JIS_2004");

    private static final char REPLACEMENT = '\uFFFD';

    private final String client;
    private final Charset charset;
    private final Map<Character, Character> otherwise;

    private TextEncoding(String client, Charset charset, Map<Character, Character> otherwise) {
        this.client = client;
        this.charset = charset;
        this.otherwise = otherwise;
    }

    /** For a database of this {@code server_encoding}. */
    public static TextEncoding of(String database) {
        String charset = CHARSETS.getOrDefault(database, "");
        // A reduced Java runtime may not have all of them.
        return charset.isEmpty() || !Charset.isSupported(charset)
                ? UTF8
                : new TextEncoding(AS_STORED, Charset.forName(charset), database.equals("EUC_JP") ? EUC_JP : Map.of());
    }

    /** Whether a stream from a database of this {@code server_encoding} ends at a text that UTF-8 cannot encode. */
    public static boolean endsStreams(String database) {
        return UNREAD.contains(database)
                || (CHARSETS.containsKey(database) && of(database).equals(UTF8));
    }

    /** The {@code client_encoding} of the connection. */
    public String client() {
        return client;
    }

    ColumnValue value(byte[] message, int from, int length) {
        String text = new String(message, from, length, charset);
        // The decoder replaces undecodable bytes with this character; a text that really contains it is rare.
        if (text.indexOf(REPLACEMENT) >= 0 && !isText(message, from, length)) {
            return Unreadable.of(message, from, length);
        }
        if (otherwise.isEmpty()) {
            return new Text(text);
        }
        String corrected = corrected(text);
        return corrected.indexOf(NONE) < 0 ? new Text(corrected) : Unreadable.of(message, from, length);
    }

    /** The name of a table or column; bytes that are not valid text are replaced by a sign. */
    String name(byte[] message, int from, int length) {
        String text = new String(message, from, length, charset);
        return otherwise.isEmpty() ? text : corrected(text);
    }

    private boolean isText(byte[] message, int from, int length) {
        try {
            charset.newDecoder().decode(ByteBuffer.wrap(message, from, length));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    private String corrected(String text) {
        var corrected = new StringBuilder(text);
        for (int i = 0; i < corrected.length(); i++) {
            char given = corrected.charAt(i);
            corrected.setCharAt(i, otherwise.getOrDefault(given, given));
        }
        return corrected.toString();
    }
}
