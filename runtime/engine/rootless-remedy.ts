/** `nmz doctor` says it, and who refuses such an engine. */
export const rootlessRemedy =
  "use an engine that runs as root: the kernel lets nobody else into the packets and threads";
