// A file server in the manner of FTP: one connection carries data, the other commands. The client sends a file, then the
// command that uses it. Each connection keeps its order; nothing keeps the order between the two.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";

const files = { "a.txt": "one", "b.txt": "two", "c.txt": "three", "d.txt": "four" };

const uploads = new Map();

function answer({ kind, name, text }, socket) {
  if (kind === "data") uploads.set(name, text);
  else send(socket, uploads.has(name) ? { stored: name } : { error: `${name} has not been uploaded` });
}

function send(socket, message) {
  socket.write(`${JSON.stringify(message)}\n`);
}

function onMessage(socket, handle) {
  let rest = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) handle(JSON.parse(line), socket);
  });
}

const server = createServer((socket) => onMessage(socket, answer)).listen(0, "127.0.0.1");
await once(server, "listening");

const open = async () => {
  const socket = connect(server.address().port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
};
const data = await open();
const control = await open();
const replies = [];
let onReply = () => {};
onMessage(control, (reply) => {
  replies.push(reply);
  onReply();
});

for (const [name, text] of Object.entries(files)) {
  const replied = new Promise((resolve) => {
    onReply = resolve;
  });
  send(data, { kind: "data", name, text });
  send(control, { kind: "store", name });
  await replied;
}

data.destroy();
control.destroy();
server.close();
assert.deepEqual(
  replies,
  Object.keys(files).map((name) => ({ stored: name })),
);
console.log("ok");
