import type { FlagInfo } from "../flags/index.js";
import { type CompletionNode, spellings } from "./completion-table.js";

/** For `source <(nmzc completion bash)`, or a file in /etc/bash_completion.d. Needs nothing but bash 4. */
export function bashCompletion(nodes: readonly CompletionNode[], programs: readonly string[]): string {
  const tables = nodes.map(
    (node) => `    ${quote(node.key)})
      commands=${quote(node.commands.map(({ name }) => name).join(" "))}
      keys=${quote(node.commands.map(({ key }) => key.replaceAll(" ", "/")).join(" "))}
      flags=${quote(node.flags.map(({ name }) => `--${name}`).join(" "))}
      valued=${quote(` ${node.flags.filter(isValued).flatMap(spellings).join(" ")} `)}
      interspersed=${node.isInterspersed ? 1 : 0}
      arguments=${quote(offer(node.completes))} ;;`,
  );
  const values = nodes.flatMap((node) =>
    node.flags
      .filter((flag) => isValued(flag) && flag.completes !== undefined)
      .map(
        (flag) =>
          `    ${spellings(flag)
            .map((each) => quote(`${node.key} ${each}`))
            .join("|")}) offer=${quote(offer(flag.completes))} ;;`,
      ),
  );
  return `# bash completion for ${programs.join(" and ")}: source <(${programs[0]} completion bash)

_nmz_table() {
  case "$1" in
${tables.join("\n")}
  esac
}

_nmz_offer() {
  offer=
  case "$1" in
${values.join("\n")}
  esac
}

# Whether a word of flags waits for a value: -e, -itv, --env.
_nmz_waits() {
  local word=$1 i
  if [[ $valued == *" $word "* ]]; then return; fi
  if [[ $word == --* ]]; then return 1; fi
  for ((i = 1; i < \${#word}; i++)); do
    if [[ $valued == *" -\${word:i:1} "* ]]; then
      ((i == \${#word} - 1))
      return
    fi
  done
  return 1
}

_nmz_reply() {
  local IFS=$'\\n'
  case "$1" in
    file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$2")) ;;
    folder) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$2")) ;;
    *) COMPREPLY=($(compgen -W "\${1// /$'\\n'}" -- "$2")) ;;
  esac
}

_nmz() {
  local cur=\${COMP_WORDS[COMP_CWORD]} key=\${1##*/} flag= word i j found
  local commands keys flags valued interspersed arguments offer names paths
  COMPREPLY=()
  _nmz_table "$key"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # Bash cuts --flag=value into three words.
    if [[ $word == "=" ]]; then
      flag=\${flag:-=}
      continue
    fi
    if [[ -n $flag ]]; then
      flag=
      continue
    fi
    case "$word" in
      --) return ;;
      -*) if _nmz_waits "$word"; then flag=$word; elif [[ \${COMP_WORDS[i + 1]} == "=" ]]; then flag==; fi ;;
      *)
        read -ra names <<<"$commands"
        read -ra paths <<<"$keys"
        found=
        for j in "\${!names[@]}"; do
          if [[ \${names[j]} == "$word" ]]; then
            found=\${paths[j]//\\// }
            break
          fi
        done
        if [[ -n $found ]]; then
          key=$found
          _nmz_table "$key"
        elif ((!interspersed)); then
          compopt -o default 2>/dev/null
          return
        fi
        ;;
    esac
  done
  if [[ $cur == "=" ]]; then cur=; fi
  if [[ -n $flag ]]; then
    [[ $flag == -[!-]* && $valued != *" $flag "* ]] && flag=-\${flag: -1}
    _nmz_offer "$key $flag"
    _nmz_reply "$offer" "$cur"
  elif [[ $cur == -* ]]; then
    _nmz_reply "$flags" "$cur"
  elif [[ -n $commands ]]; then
    _nmz_reply "$commands" "$cur"
  else
    _nmz_reply "$arguments" "$cur"
  fi
}

complete -F _nmz ${programs.join(" ")}
`;
}

function isValued(flag: FlagInfo): boolean {
  return flag.placeholder !== undefined;
}

function offer(completes: FlagInfo["completes"]): string {
  return typeof completes === "string" ? completes : (completes ?? []).join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
