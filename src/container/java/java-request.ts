/** What `--nmz-java` asks for, all uses of it together. */
export interface JavaRequest {
  /** As the agent takes them, docs/java.md: `com.example.Foo#bar`, `…#bar(int,long)`, `…#*`, `…#bar@call`. */
  readonly functions: readonly string[];
  /** Byteman rules: the text of each script. */
  readonly scripts: readonly string[];
  /** What else the agent is told: `timeout=30s`, `classFilter=com.example.Main`. */
  readonly options: readonly string[];
}

/**
 * One use of the flag, `functions=CLASS#METHOD,…`, `script:FILE` or an option of the agent's, added to those before. The
 * file is read now: the process that supervises the run may have another working folder. Throws an Error that says
 * what is wrong.
 */
export function addJavaOption(
  request: JavaRequest | undefined,
  option: string,
  readFile: (path: string) => Buffer,
): JavaRequest {
  const { functions = [], scripts = [], options = [] } = request ?? {};
  if (option.startsWith("functions=")) {
    const names = option.slice("functions=".length).split(/,(?![^(]*\))/); // not between the types of parameters
    for (const name of names) checkFunction(name);
    return { functions: [...functions, ...names], scripts, options };
  }
  if (option.startsWith("script:")) {
    const file = option.slice("script:".length);
    if (file === "") throw new Error("no file named");
    return { functions, scripts: [...scripts, readFile(file).toString("utf8")], options };
  }
  if (agentOption.test(option)) return { functions, scripts, options: [...options, option] };
  throw new Error(
    "must be functions=CLASS#METHOD,… or script:FILE (or timeout=DURATION, classFilter=CLASS for those)",
  );
}

// JAVA_TOOL_OPTIONS is split at white space, and quotes mean something in it.
const functionSyntax = /^[^\s"'#,=:()]+#[^\s"'#,=:()]+(\([^\s"'#=:()]*\))?(@call|@return)?$/;

const agentOption = /^(timeout=\d+(ms|s|m)|classFilter=[^\s"',;=]+)$/;

function checkFunction(name: string): void {
  if (functionSyntax.test(name)) return;
  throw new Error(`"${name}" names no function: it is written com.example.Foo#bar`);
}
