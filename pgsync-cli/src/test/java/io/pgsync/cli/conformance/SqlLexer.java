package io.pgsync.cli.conformance;

import io.pgsync.cli.conformance.SqlScript.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts a script at the semicolons that end statements; comments are left out. */
final class SqlLexer {
    private static final Pattern COPY =
            Pattern.compile("COPY\\b.*\\bFROM\\s+stdin\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$([A-Za-z_]\\w*)?\\$");

    private final String text;
    private final StringBuilder statement = new StringBuilder();
    private final List<Statement> statements = new ArrayList<>();
    private int position;

    SqlLexer(String text) {
        this.text = text;
    }

    List<Statement> statements() {
        while (position < text.length()) {
            if (text.startsWith("--", position)
                    || text.startsWith("\\", position) && statement.toString().isBlank()) {
                position = lineEnd();
            } else if (text.startsWith("/*", position)) {
                position = text.indexOf("*/", position) + 2;
            } else if (text.charAt(position) == ';') {
                position++;
                end();
            } else {
                take(tokenEnd());
            }
        }
        end();
        return statements;
    }

    private int lineEnd() {
        var end = text.indexOf('\n', position);
        return end < 0 ? text.length() : end;
    }

    private void take(int end) {
        statement.append(text, position, end);
        position = end;
    }

    /** A quoted text is one token, else a character. */
    private int tokenEnd() {
        var first = text.charAt(position);
        if (first == '\'') {
            return quoteEnd('\'', startsEscapes());
        }
        if (first == '"') {
            return quoteEnd('"', false);
        }
        var dollar = DOLLAR_QUOTE.matcher(text).region(position, text.length());
        if (first == '$' && dollar.lookingAt()) {
            return text.indexOf(dollar.group(), dollar.end()) + dollar.group().length();
        }
        return position + 1;
    }

    /** E'…' knows backslashes, unless the E ends a word. */
    private boolean startsEscapes() {
        return statement.toString().matches("(?s)(.*\\W)?[eE]");
    }

    /** A doubled quote ends one token and begins the next, which comes to the same. */
    private int quoteEnd(char quote, boolean escapes) {
        var end = position + 1;
        while (text.charAt(end) != quote) {
            end += escapes && text.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }

    private void end() {
        var sql = statement.toString().strip();
        statement.setLength(0);
        if (COPY.matcher(sql).matches()) {
            statements.add(new Statement(sql, copied()));
        } else if (!sql.isEmpty()) {
            statements.add(new Statement(sql, null));
        }
    }

    private String copied() {
        var start = lineEnd() + 1;
        var end = text.startsWith("\\.", start) ? start : text.indexOf("\n\\.", start) + 1;
        position = end + 2;
        return text.substring(start, end);
    }
}
