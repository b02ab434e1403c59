/** What `--nmz-java` asks for, all uses of it together. */
export interface JavaRequest {
  /** As the agent takes them, docs/java.md: `com.example.Foo#bar`, `…#bar(int,long)`, `…#*`, `…#bar@call`. */
  readonly functions: readonly string[];
  /** Byteman rules: the text of each script. */
  readonly scripts: readonly string[];
}

/**
 * One use of the flag, `functions=CLASS#METHOD,…` or `script:FILE`, added to those before. The file is read now: the
 * process that supervises the run may have another working folder. Throws an Error that says what is wrong.
 */
export function addJavaOption(
  request: JavaRequest | undefined,
  option: string,
  readFile: (path: string) => Buffer,
): JavaRequest {
  const { functions = [], scripts = [] } = request ?? {};
  if (option.startsWith("functions=")) {
    const names = option.slice("functions=".length).split(/,(?![^(]*\))/); // not between the types of parameters
    for (const name of names) checkFunction(name);
    return { functions: [...functions, ...names], scripts };
  }
  if (option.startsWith("script:")) {
    const file = option.slice("script:".length);
    if (file === "") throw new Error("no file named");
    return { functions, scripts: [...scripts, readFile(file).toString("utf8")] };
  }
  throw new Error("must be functions=CLASS#METHOD,… or script:FILE");
}

// JAVA_TOOL_OPTIONS is split at white space, and quotes mean something in it.
const functionSyntax = /^[^\s"'#,=:()]+#[^\s"'#,=:()]+(\([^\s"'#=:()]*\))?(@call|@return)?$/;

function checkFunction(name: string): void {
  if (functionSyntax.test(name)) return;
  throw new Error(`"${name}" names no function: it is written com.example.Foo#bar`);
}
