// Who logs in is redirected to a page that knows them. The client is Node's own fetch.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const cluster = require("node:cluster");
const { once } = require("node:events");
const { startApp } = require("./app.cjs");

const url = "http://127.0.0.1:8080";

async function main() {
  const redis = spawn("redis-server", ["--save", "", "--bind", "127.0.0.1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) =>
    redis.stdout.on("data", (text) => /ready to accept/i.test(text) && resolve()),
  );
  const workers = [cluster.fork(), cluster.fork()];
  await Promise.all(workers.map((worker) => once(worker, "message")));

  const first = await fetch(url);
  assert.equal(await first.text(), "Please log in");
  const cookie = first.headers.get("set-cookie").split(";")[0];
  const page = await fetch(`${url}/login`, { method: "POST", headers: { cookie } });
  const text = await page.text();
  redis.kill();
  assert.equal(text, "Hello Alice");
  console.log("ok");
  process.exit(0);
}

if (cluster.isPrimary) main();
else startApp(8080).then(() => process.send("ready"));
