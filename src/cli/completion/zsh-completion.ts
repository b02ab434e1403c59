import type { FlagInfo } from "../flags/index.js";
import type { CompletionNode } from "./completion-table.js";

/** For a file `_nmzc` in a folder of zsh's fpath, or `source <(nmzc completion zsh)` after compinit. */
export function zshCompletion(nodes: readonly CompletionNode[], programs: readonly string[]): string {
  return `#compdef ${programs.join(" ")}
# zsh completion for ${programs.join(" and ")}: source <(${programs[0]} completion zsh)

${nodes.map((node) => (node.commands.length > 0 ? groupFunction(node) : commandFunction(node))).join("\n\n")}

# In a folder of fpath this file is the body of _${programs[0]}; sourced, it says what it completes.
if [[ $funcstack[1] == _${programs[0]} ]]; then
  _nmz_$service "$@"
else
  compdef ${programs.map((program) => `${functionName(program)} ${program}`).join("\n  compdef ")}
fi
`;
}

function groupFunction(node: CompletionNode): string {
  const rows = node.commands.map(({ name, summary }) => `        ${quote(`${name}:${summary}`)}`);
  const cases = node.commands.map(({ name, key }) => `        ${name}) ${functionName(key)} ;;`);
  return `${functionName(node.key)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${node.flags.map((flag) => spec(flag)).join(" ")} '1: :->command' '*:: :->words'
  case $state in
    command)
      local -a commands
      commands=(
${rows.join("\n")}
      )
      _describe command commands ;;
    words)
      case $line[1] in
${cases.join("\n")}
      esac ;;
  esac
}`;
}

function commandFunction(node: CompletionNode): string {
  const flags = node.flags.map((flag) => `    ${spec(flag)} \\`);
  // -A '-*': no flags after the first argument, which is the image.
  const mode = node.isInterspersed ? "-s -S" : "-s -S -A '-*'";
  return `${functionName(node.key)}() {
  _arguments ${mode} \\
${flags.join("\n")}
    '*:argument:${action(node.completes) || "_files"}'
}`;
}

/** One flag in the words of _arguments: '(-e --env)'{-e+,--env=}'[help]:NAME:action'. */
function spec(flag: FlagInfo): string {
  const value =
    flag.placeholder === undefined ? "" : `:${escapeColons(flag.placeholder)}:${action(flag.completes)}`;
  const tail = quote(`[${escapeBrackets(flag.help)}]${value}`);
  const long = flag.placeholder === undefined ? `--${flag.name}` : `--${flag.name}=`;
  if (flag.short === undefined) return `${quote(flag.isRepeatable ? "*" : "")}${long}${tail}`;
  const short = flag.placeholder === undefined ? `-${flag.short}` : `-${flag.short}+`;
  const prefix = flag.isRepeatable ? quote("*") : quote(`(-${flag.short} --${flag.name})`);
  return `${prefix}{${short},${long}}${tail}`;
}

function action(completes: FlagInfo["completes"]): string {
  if (completes === "file") return "_files";
  if (completes === "folder") return "_files -/";
  return completes === undefined ? "" : `(${completes.join(" ").replaceAll(":", "\\:")})`;
}

function functionName(key: string): string {
  return `_nmz_${key.replaceAll(/\W/g, "_")}`;
}

function escapeBrackets(text: string): string {
  return text.replaceAll(/[[\]:]/g, "\\$&");
}

function escapeColons(text: string): string {
  return text.replaceAll(":", "\\:");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
