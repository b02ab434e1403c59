/** What to do about what engines say most often, by their words (moby, api/server and daemon; the same since 1.24). */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^conflict\. the container name /i, "remove that container (docker rm), or give another --name"],
  [/^no such container/i, "`docker ps -a` lists the containers of this engine"],
  [/^network .* not found/i, "`docker network ls` lists the networks of this engine"],
  [
    /port is already allocated|address already in use/i,
    "something else has the port: publish another with -p",
  ],
  [/^no command specified/i, "the image has no command of its own: write one after the image"],
  [/invalid container name/i, "give --name letters, digits, _ . and -, at least two of them"],
  [
    /exec: .*(not found|no such file or directory)/i,
    "see whether the image has the command, and its whole path",
  ],
  [/exec: .*permission denied/i, "see whether the command is a file that may be executed"],
  [/unable to find user|unable to find group/i, "give -u a number, or a name that the image knows"],
  [/unknown runtime specified/i, "`docker info` lists the runtimes of this engine"],
  [
    /error looking up volume plugin|plugin .* not found/i,
    "`docker plugin ls` lists the drivers of this engine",
  ],
];

/** Undefined when the engine's words are all there is. */
export function hintForWords(message: string): string | undefined {
  return hints.find(([words]) => words.test(message))?.[1];
}
