#!/usr/bin/env node
import { superviseForClient } from "../container/index.js";

/** Started by `nmzc run -t` and `-d`, never by hand: supervises one run for its client and outlives it. */
await superviseForClient();
process.exit(0);
