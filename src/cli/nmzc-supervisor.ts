#!/usr/bin/env -S node --
import { superviseForClient } from "../container/index.js";
import { processContext } from "./services.js";

/** Started by `nmzc run -t` and `-d`, never by hand: supervises one run for its client and outlives it. */
await processContext().enterHost?.("always");
await superviseForClient();
process.exit(0);
