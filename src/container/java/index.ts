/**
 * `nmzc run --nmz-java`: functions of every JVM in the container wait for the policy, without the user wiring anything. The
 * agent's jars and its rules lie in a folder of the run that the container sees, read-only, at /.nmz; JAVA_TOOL_OPTIONS
 * names them, so each JVM takes the agent, however it is started; the endpoint that the agent talks to listens at
 * the loopback of the container's own network namespace, so that every network mode will do, `none` too.
 *
 * Must not know the agent's protocol (src/endpoint/protobuf) nor its rules (runtime/agents/java). Invariants: nothing of
 * this is loaded without the flag; the endpoint stands before the workload's first instruction; its packets are not
 * shaken; a JVM that finds no endpoint runs as if it had no agent.
 */
export * from "./prepare-java.js";
