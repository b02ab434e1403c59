import { shellWord } from "../../util/index.js";
import { type FlagSection, parseInteger, valueFlag } from "../flags/index.js";

/** What of an outcome says whether it failed. */
export interface FailureDraft {
  /** Only this exit code is a failure; undefined: every one but 0. */
  failureExitCode: number | undefined;
  /** Only output that matches is a failure. */
  failureOutput: RegExp | undefined;
}

/** What `nmzc replay` and `nmzc minimize` call a failure. */
export function failureFlags<Draft extends FailureDraft>(): FlagSection<Draft> {
  return {
    title: "What counts as a failure",
    flags: [
      valueFlag({
        name: "exit-code",
        placeholder: "N",
        help: "Exit code N (default: any but 0)",
        apply: (value, draft) => {
          draft.failureExitCode = parseInteger(value, { min: 0, max: 255 });
        },
      }),
      valueFlag({
        name: "output",
        placeholder: "REGEX",
        help: "Output that this matches, with --exit-code or any exit code",
        apply: (value, draft) => {
          draft.failureOutput = new RegExp(value, "m");
        },
      }),
    ],
  };
}

export function isFailure(
  { exitCode, output }: { readonly exitCode: number; readonly output: string },
  { failureExitCode, failureOutput }: FailureDraft,
): boolean {
  if (failureExitCode !== undefined && exitCode !== failureExitCode) return false;
  if (failureOutput !== undefined) return failureOutput.test(output);
  return failureExitCode !== undefined || exitCode !== 0;
}

/** The flags again, as a shell reads them: "", or " --exit-code 3 --output 'lost update'". */
export function failureWords({ failureExitCode, failureOutput }: FailureDraft): string {
  const exitCode = failureExitCode === undefined ? "" : ` --exit-code ${failureExitCode}`;
  return failureOutput === undefined ? exitCode : `${exitCode} --output ${shellWord(failureOutput.source)}`;
}
