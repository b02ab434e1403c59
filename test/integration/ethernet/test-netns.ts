import { execFileSync } from "node:child_process";

let made = 0;

/** A network namespace of the test's own, with nothing but a loopback interface. */
export class TestNetns {
  readonly name = `nmzt-ethernet-${process.pid}-${++made}`;
  readonly path = `/var/run/netns/${this.name}`;

  constructor() {
    execFileSync("ip", ["netns", "add", this.name]);
    this.run("ip", "link", "set", "lo", "up");
  }

  /** Runs a command to its end inside, and gives its output. */
  run(...command: string[]): string {
    return execFileSync("ip", ["netns", "exec", this.name, ...command], { encoding: "utf8", stdio: "pipe" });
  }

  /** Its rules, without the counters and dates that change by themselves. */
  rules(): string {
    return ruleSet((command) => this.run(command));
  }

  remove(): void {
    execFileSync("ip", ["netns", "del", this.name]);
  }
}

/** The rules of the machine. */
export function hostRules(): string {
  return ruleSet((command) => execFileSync(command, { encoding: "utf8", stdio: "pipe" }));
}

function ruleSet(run: (command: string) => string): string {
  return ["iptables-nft-save", "ip6tables-nft-save", "iptables-legacy-save", "ip6tables-legacy-save"]
    .map((command) => run(command))
    .join("")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.replace(/\[\d+:\d+\]/, ""))
    .join("\n");
}
