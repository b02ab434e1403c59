// A web application as its documentation tells to write it: express, express-session, and redis to keep the sessions in.
// Two processes of it, as `node:cluster` gives them, share one port and one redis.
const express = require("express");
const session = require("express-session");
const RedisStore = require("connect-redis").default;
const { createClient } = require("redis");

/** Listens on any free port and resolves with it. */
exports.startApp = async (port) => {
  const client = createClient({ url: "redis://127.0.0.1:6379" });
  await client.connect();
  const app = express();
  const store = new RedisStore({ client });
  app.use(session({ store, secret: "keyboard cat", resave: false, saveUninitialized: true }));
  app.get("/", (req, res) => res.send(req.session.user ? `Hello ${req.session.user}` : "Please log in"));
  app.post("/login", (req, res) => {
    req.session.user = "Alice";
    res.redirect("/");
  });
  await new Promise((resolve) => app.listen(port, resolve));
};
