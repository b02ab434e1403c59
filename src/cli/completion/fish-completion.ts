import type { FlagInfo } from "../flags/index.js";
import { type CompletionNode, spellings } from "./completion-table.js";

/** For `nmzc completion fish | source`, or a file in ~/.config/fish/completions. */
export function fishCompletion(nodes: readonly CompletionNode[], programs: readonly string[]): string {
  const steps = nodes.flatMap((node) =>
    node.commands.map(
      ({ name, key }) =>
        `            case ${quote(`${node.key} ${name}`)}\n                set key ${quote(key)}`,
    ),
  );
  const valued = nodes.map((node) => {
    const waiting = node.flags.filter((flag) => flag.placeholder !== undefined).flatMap(spellings);
    return `        case ${quote(node.key)}\n            set valued ${waiting.join(" ")}`;
  });
  const stopping = nodes.filter((node) => !node.isInterspersed).map((node) => quote(node.key));
  return `# fish completion for ${programs.join(" and ")}: ${programs[0]} completion fish | source

# The place in the command tree that the words before the cursor lead to; "rest" where the workload's own words begin.
function __nmz_place
    set -l words (commandline -opc)
    set -l key (basename -- $words[1])
    set -l waits no
    for word in $words[2..-1]
        if test $waits = yes
            set waits no
            continue
        end
        set -l valued
        switch $key
${indent(valued)}
        end
        if string match -q -- '-*' $word
            if test $word = --
                echo rest
                return
            end
            if contains -- $word $valued
                set waits yes
            else if string match -qr -- '^-[^-].' $word; and contains -- -(string sub -s -1 -- $word) $valued
                set waits yes
            end
            continue
        end
        set -l before $key
        switch "$key $word"
${steps.join("\n")}
        end
        if test "$key" = "$before"; and contains -- "$key" ${stopping.join(" ")}
            echo rest
            return
        end
    end
    echo $key
end

function __nmz_at
    test (__nmz_place) = "$argv[1]"
end

${programs.map((program) => lines(nodes, program)).join("\n\n")}
`;
}

function lines(nodes: readonly CompletionNode[], program: string): string {
  return nodes
    .flatMap((node) => {
      const at = `complete -c ${program} -n ${quote(`__nmz_at ${quote(node.key)}`)}`;
      const commands = node.commands.map(({ name, summary }) => `${at} -f -a ${name} -d ${quote(summary)}`);
      const words = Array.isArray(node.completes) ? [`${at} -f -a ${quote(node.completes.join(" "))}`] : [];
      return [...commands, ...words, ...node.flags.map((flag) => `${at} ${flagWords(flag)}`)];
    })
    .join("\n");
}

function flagWords(flag: FlagInfo): string {
  const short = flag.short === undefined ? "" : `-s ${flag.short} `;
  const head = `${short}-l ${flag.name} -d ${quote(flag.help)}`;
  if (flag.placeholder === undefined) return head;
  if (flag.completes === "file") return `${head} -r -F`;
  if (flag.completes === "folder") return `${head} -x -a '(__fish_complete_directories)'`;
  return flag.completes === undefined ? `${head} -x` : `${head} -x -a ${quote(flag.completes.join(" "))}`;
}

function indent(blocks: readonly string[]): string {
  return blocks.map((block) => block.replaceAll(/^/gm, "    ")).join("\n");
}

/** Inside fish's single quotes only these two need a backslash. */
function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
