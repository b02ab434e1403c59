package net.osrg.namazu.agent;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.byteman.agent.Retransformer;

/**
 * Gives Byteman the rules for `functions=`. A named method's rules are there from the start, for the class and for those
 * that implement it, if it is an interface. What a `*` means is read from each class file on its way into the JVM, and its
 * rules are added before Byteman, whose transformer comes after this one, looks at the class.
 */
final class FunctionRules implements ClassFileTransformer {
  private final Settings settings;
  private final Retransformer byteman;
  private final Log log;
  private final Set<String> done = Collections.newSetFromMap(new ConcurrentHashMap<String, Boolean>());

  FunctionRules(Settings settings, Retransformer byteman, Log log) {
    this.settings = settings;
    this.byteman = byteman;
    this.log = log;
  }

  void installNamed() throws Exception {
    StringBuilder text = new StringBuilder();
    for (FunctionPattern pattern : settings.functions) {
      String method = pattern.methodName + pattern.types;
      if (!pattern.hasWildcard() && done.add(pattern.className + "#" + method)) {
        text.append(RuleText.of("CLASS", pattern.className, method, pattern, settings.classFilter));
        if (!method.startsWith("<")) {
          text.append(RuleText.of("INTERFACE", pattern.className, method, pattern, settings.classFilter));
        }
      }
    }
    install(text.toString());
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String internalName, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
    if (internalName == null || redefined != null) {
      return null;
    }
    try {
      String className = internalName.replace('/', '.');
      for (FunctionPattern pattern : settings.functions) {
        if (pattern.matchesClass(className)) {
          inspect(pattern, className, classFile);
        }
      }
    } catch (Throwable failure) {
      log.problem("rules " + internalName, "the functions of " + internalName + " are not reported: " + failure);
    }
    return null;
  }

  private void inspect(FunctionPattern pattern, String className, byte[] classFile) throws Exception {
    MethodTable methods = new MethodTable(classFile);
    if (!pattern.hasWildcard()) {
      if (!methods.all.contains(pattern.methodName)) {
        log.problem(
            "no such " + pattern.text,
            className + " has no method " + pattern.methodName + " (it has: " + new TreeSet<String>(methods.withCode) + ")");
      }
      return;
    }
    StringBuilder text = new StringBuilder();
    for (String method : methods.withCode) {
      // Two loaders may bring a class of the same name: its rules are there already.
      if (pattern.matchesMethod(method) && done.add(className + "#" + method)) {
        text.append(RuleText.of("CLASS", className, method, pattern, settings.classFilter));
      }
    }
    install(text.toString());
  }

  private void install(String text) throws Exception {
    if (text.isEmpty()) {
      return;
    }
    StringWriter said = new StringWriter();
    List<String> texts = Collections.singletonList(text);
    byteman.installScript(texts, Collections.singletonList("nmz-functions"), new PrintWriter(said));
    log.note(said.toString().trim());
  }
}
