package io.pgsync.cli.explain;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breaks the single line of a generated statement into readable lines; only white space is changed. */
final class SqlLayout {
    private static final int WIDTH = 110;
    private static final String INDENT = "    ";
    /**
     * Each literal and quoted name in one piece; the clauses that begin a line; parentheses and commas; the rest as it
     * is.
     */
    private static final Pattern TOKEN =
            Pattern.compile("(?<quoted>E'(?:[^'\\\\]|\\\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
                    + "|(?<clause>\\b(?:FROM|LEFT JOIN|JOIN|WHERE|ORDER BY|LIMIT)\\b)"
                    + "|(?<open>\\((?<select>(?=SELECT\\b))?)"
                    + "|(?<close>\\))"
                    + "|(?<comma>,\\s*)"
                    + "|(?<space>\\s+)"
                    + "|[\\w$.]+|.");

    private final StringBuilder text = new StringBuilder();
    /** For every open parenthesis, whether a sub-select is in it. */
    private final Deque<Boolean> open = new ArrayDeque<>();

    private int depth;

    private SqlLayout() {}

    /** Every line begins with {@code margin}. */
    static String of(String sql, String margin) {
        var layout = new SqlLayout();
        Matcher token = TOKEN.matcher(sql);
        while (token.find()) {
            layout.add(token);
        }
        return layout.text.toString().indent(margin.length()).stripTrailing();
    }

    private void add(Matcher token) {
        if (token.group("open") != null) {
            open(token.group("select") != null);
        } else if (token.group("close") != null) {
            close();
        } else if (token.group("clause") != null && !inFunction()) {
            breakLine(depth);
            text.append(token.group());
        } else if (token.group("comma") != null) {
            text.append(',');
            space();
        } else if (token.group("space") != null) {
            space();
        } else {
            text.append(token.group());
        }
    }

    private void open(boolean select) {
        text.append('(');
        open.push(select);
        if (select) {
            depth++;
            breakLine(depth);
        }
    }

    private void close() {
        if (!open.isEmpty() && open.pop()) {
            depth--;
            breakLine(depth);
        }
        text.append(')');
    }

    /** Inside a function's arguments the same words have other meanings. */
    private boolean inFunction() {
        return !open.isEmpty() && !open.peek();
    }

    private void space() {
        int lineStart = text.lastIndexOf("\n") + 1;
        if (text.length() - lineStart > WIDTH) {
            breakLine(depth + 1);
        } else if (text.length() > lineStart && text.charAt(text.length() - 1) != ' ') {
            text.append(' ');
        }
    }

    private void breakLine(int level) {
        while (text.length() > 0 && Character.isWhitespace(text.charAt(text.length() - 1))) {
            text.setLength(text.length() - 1);
        }
        if (text.length() > 0) {
            text.append('\n').append(INDENT.repeat(level));
        }
    }
}
