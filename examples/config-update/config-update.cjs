// Two processes of one program keep their state with configstore, as many command line tools do. Each `set` reads the
// file, changes one key and replaces the file: each step is safe, the three together are not.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const Configstore = require("configstore");

const config = new Configstore("example");

if (process.argv[2] === "worker") {
  config.set("worker", "started");
} else {
  config.clear();
  const worker = spawn("node", [__filename, "worker"], { stdio: "inherit" });
  config.set("main", "started");
  worker.once("exit", () => {
    assert.deepEqual(config.all, { main: "started", worker: "started" });
    console.log("ok");
  });
}
