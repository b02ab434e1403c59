#!/usr/bin/env -S node --
import { main } from "./main.js";
import { nmzcProgram } from "./programs.js";
import { processContext } from "./services.js";

process.exit(await main(nmzcProgram, process.argv.slice(2), processContext()));
