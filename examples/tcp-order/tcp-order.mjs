// A file server in the manner of FTP: one connection carries data, the other commands. The client sends the data, then
// the command that uses it. Each connection keeps its order; nothing keeps the order between the two.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";

const uploads = new Map();
const commits = [];

function onMessage(message) {
  const { kind, name, text } = JSON.parse(message);
  if (kind === "data") uploads.set(name, text);
  else commits.push({ name, text: uploads.get(name) });
}

const server = createServer((socket) => {
  let rest = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    lines.forEach(onMessage);
  });
}).listen(0, "127.0.0.1");
await once(server, "listening");

const open = async () => {
  const socket = connect(server.address().port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
};
const data = await open();
const control = await open();

data.write(`${JSON.stringify({ kind: "data", name: "a.txt", text: "hello" })}\n`);
control.write(`${JSON.stringify({ kind: "commit", name: "a.txt" })}\n`);

data.end();
control.end();
server.close();
await once(server, "close");
assert.deepEqual(commits, [{ name: "a.txt", text: "hello" }], "the commit came before its data");
console.log("ok");
