import type { Frame, StackLanguage } from "./stack.js";

// "at app//org.example.Queue.take(Queue.java:12)", "at java.base/java.util...", "at x.Y.z(Native Method) ~[a.jar:1.0]"
const frameLine = /^\s*at (?:[\w.@$-]*\/{1,2})?([\w$.<>/-]+)\.([\w$<>-]+)\((?:[^()]*)\)/;
const foreign =
  /^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|org\.codehaus\.groovy|clojure|junit|org\.(?:junit|testng|hamcrest|assertj|mockito|opentest4j|apache\.maven|gradle|spockframework|springframework|eclipse\.jdt)|com\.intellij|com\.google\.common\.truth|worker\.org\.gradle)\./;

/** JVM: Throwable.printStackTrace, of Java, Kotlin and Scala. */
export const java: StackLanguage = {
  name: "java",
  isInnermostLast: false,
  prefersLast: true,
  startsStack: (line) => /^\s*(?:Caused by|Suppressed): /.test(line),
  frameAt(lines, at): Frame | undefined {
    const match = frameLine.exec(lines[at] ?? "");
    if (match === null) return undefined;
    const [, className = "", method = ""] = match;
    // What the compiler or the JVM numbers is numbered anew by the next build or run.
    const place = `${className}.${method}`
      .replace(/\$\$Lambda[^.]*/g, "$$$$Lambda")
      .replace(/lambda\$([\w$]+?)\$\d+/g, "lambda$$$1")
      .replace(/\b(Generated\w+Accessor|\$Proxy)\d+/g, "$1");
    return { text: place, isOwn: !foreign.test(className) && !place.includes("$$Lambda") };
  },
};
