#!/usr/bin/env -S node --
import { main } from "./main.js";
import { nmzProgram } from "./programs.js";
import { processContext } from "./services.js";
import { withoutToken } from "./without-token.js";

const words = process.argv.slice(2);
const shown = withoutToken(words);
// What the process is called is what ps shows, to everybody on the machine.
if (shown !== words) process.title = ["nmz", ...shown].join(" ");

process.exit(await main(nmzProgram, words, processContext()));
