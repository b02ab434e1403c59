import { serveRequests } from "./child-process.js";
import { loadPb } from "./load-pb.js";
import { loadRest } from "./load-rest.js";
import { loadStream } from "./load-stream.js";
import type { LoadRequest } from "./messages.js";

// A process of its own: a load in the server's event loop would measure itself.
const loads = { rest: loadRest, stream: loadStream, pb: loadPb };

serveRequests((request) => {
  const load = request as LoadRequest;
  return loads[load.wire](load);
});
