/**
 * Where nmzc keeps what is alive only while runs are: sockets of embedded engines, mount points, journals, supervisor logs.
 * Root alone may list or change it; others pass through, as the engine's runtime does to what is mounted in there. Here and
 * not in src, because an engine is started before a run is thought of, and whoever comes first makes the folder.
 */
export const runtimeFolder = "/run/nmzc";
export const runtimeFolderMode = 0o711;
