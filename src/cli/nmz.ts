#!/usr/bin/env node
import { main } from "./main.js";
import { nmzProgram } from "./programs.js";
import { processContext } from "./services.js";

process.exit(await main(nmzProgram, process.argv.slice(2), processContext()));
