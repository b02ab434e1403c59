/** A program that fails now and then, and whose failure is known by what it prints. */
export interface Failure {
  readonly name: string;
  readonly image: string;
  /** Options of `nmzc run`, whatever the policy. */
  readonly options: readonly string[];
  readonly command: readonly string[];
  /** Any other failure is counted apart: a policy may break a program in ways of its own. */
  readonly message: RegExp;
  readonly policies: readonly string[];
  /** TOML that is put behind every policy's: what of the program is shaken. */
  readonly config?: string;
}

/** The first column: `nmzc run` with its inspectors off. */
export const plain = "plain";
/** Of examples/real-failures/policies. */
export const eventPolicies = [plain, "random", "pct", "pos", "starve", "partition", "mix"];
export const threadPolicies = [plain, "mild", "extreme", "dirichlet", "mix"];

const flaky = process.env["NMZC_FLAKY_IMAGE"] ?? "nmzc/flaky:latest";
const oneCpu = ["--cpuset-cpus", "0"];

export const failures: readonly Failure[] = [
  {
    name: "config-update",
    image: flaky,
    options: ["--volume", "/state", "--env", "XDG_CONFIG_HOME=/state"],
    command: ["node", "config-update/config-update.cjs"],
    message: /AssertionError/,
    policies: eventPolicies.filter((policy) => policy !== "partition"),
  },
  {
    name: "late-reply",
    image: "nmzc/real-late-reply:latest",
    options: [],
    command: ["python3", "-m", "unittest"],
    config: '[[ethernet.match]]\nprotocol = "tcp"\nports = "6379"\n',
    message: /'Hello \w+' not found in/,
    policies: eventPolicies,
  },
  {
    name: "login-redirect",
    image: "nmzc/real-login-redirect:latest",
    options: ["--init"],
    command: ["node", "login-redirect.cjs"],
    // As its own autopilot has it: the way to redis, not the browser's.
    config: '[[ethernet.match]]\nprotocol = "tcp"\nports = "6379"\n',
    message: /\+ 'Please log in'|'Please log in' !== 'Hello Alice'|- 'Hello Alice'/,
    policies: eventPolicies,
  },
  {
    name: "tcp-order",
    image: flaky,
    options: [],
    command: ["node", "tcp-order/tcp-order.mjs"],
    message: /AssertionError/,
    policies: eventPolicies,
  },
  {
    name: "sink-queue",
    image: "nmzc/real-sink-queue:latest",
    options: oneCpu,
    command: ["./sink-queue.sh"],
    message: /should've thrown/,
    policies: threadPolicies,
  },
  {
    name: "thread-order",
    image: flaky,
    options: oneCpu,
    command: ["node", "thread-order/thread-order.mjs"],
    message: /were looked up before/,
    policies: threadPolicies,
  },
];
