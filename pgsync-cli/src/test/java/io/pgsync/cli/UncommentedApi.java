package io.pgsync.cli;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Finds what others can call and nothing explains: public types, and their methods, constructors and constants. What overrides has the
 * comment of the overridden, records have it for their components, and the constants of an enum may be obvious.
 */
final class UncommentedApi extends TreePathScanner<Void, Void> {
    private final DocTrees comments;
    private final List<String> found = new ArrayList<>();

    private UncommentedApi(DocTrees comments) {
        this.comments = comments;
    }

    /** Names and types of one package, as written. */
    static List<String> in(Path directory) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null);
                Stream<Path> files = Files.list(directory)) {
            var sources = manager.getJavaFileObjectsFromPaths(
                    files.filter(file -> file.toString().endsWith(".java")).toList());
            var task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, sources);
            var scanner = new UncommentedApi(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
            return scanner.found;
        }
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
        if (!isOpen(type.getModifiers())) {
            return null;
        }
        require(type.getSimpleName().toString());
        return super.visitClass(type, nothing);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
        boolean overrides = method.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
        boolean ofRecord = method.getReturnType() == null && enclosing().getKind() == Kind.RECORD;
        if (isOpen(method.getModifiers()) && !overrides && !ofRecord) {
            require(enclosing().getSimpleName() + "." + method.getName());
        }
        return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Void nothing) {
        boolean ofEnum = enclosing().getKind() == Kind.ENUM
                && field.getType().toString().equals(enclosing().getSimpleName().toString());
        if (isOpen(field.getModifiers()) && !ofEnum) {
            require(enclosing().getSimpleName() + "." + field.getName());
        }
        return null;
    }

    private ClassTree enclosing() {
        return (ClassTree) getCurrentPath().getParentPath().getLeaf();
    }

    /** Members of an interface are public unless they say otherwise. */
    private boolean isOpen(ModifiersTree modifiers) {
        Tree parent = getCurrentPath().getParentPath().getLeaf();
        Set<Modifier> flags = modifiers.getFlags();
        return flags.contains(Modifier.PUBLIC)
                || flags.contains(Modifier.PROTECTED)
                || parent.getKind() == Kind.INTERFACE && !flags.contains(Modifier.PRIVATE);
    }

    private void require(String name) {
        if (comments.getDocComment(getCurrentPath()) == null) {
            found.add(name);
        }
    }
}
