/** Labels on nmzc's own containers: how ps, logs, stop, exec and prune know them. */
export const runLabel = "nmzc.run";
export const seedLabel = "nmzc.seed";
/** JSON: target in the container → real folder on the host, for --volumes-from and for people. */
export const volumesLabel = "nmzc.volumes";
/** On volumes that exist for one run only. */
export const anonymousVolumeLabel = "nmzc.anonymous";
