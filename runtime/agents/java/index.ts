/**
 * The agent for JVMs: two jars that go into a JVM with `-javaagent:nmz-java.jar=…` (docs/java.md). Its Java sources
 * lie beside this file; scripts/build-agent makes dist/agents/java of them.
 *
 * Byteman is LGPL-2.1 and stays a file of its own, unmodified and replaceable, which our jar finds beside itself: the
 * two are handed on together. Knows nothing of events: the agent speaks Namazu's protobuf wire by itself.
 */
export * from "./java-agent-files.js";
