import type { ReportData } from "../data/report-data.js";
import { countWords } from "../words/numbers.js";
import { element, section } from "./element.js";

/** Tests with one cause, perhaps: they failed in the same runs. */
export function togetherSection({ together }: ReportData): HTMLElement | undefined {
  if (together.length === 0) return undefined;
  return section(
    "together",
    "Tests that fail together",
    element(
      "ul",
      { class: "together" },
      ...together.map(({ tests, together, any }) =>
        element(
          "li",
          {},
          element("strong", {}, `together in ${together} of ${countWords(any, "run")}: `),
          ...tests.flatMap((test, index) => [index > 0 ? ", " : undefined, element("code", {}, test)]),
        ),
      ),
    ),
  );
}
