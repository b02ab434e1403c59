import { workerData } from "node:worker_threads";
import { closeDescriptors } from "./descriptor-queue.js";

/** The thread that closes what a mount's server is done with. */
closeDescriptors((workerData as { readonly queue: SharedArrayBuffer }).queue);
