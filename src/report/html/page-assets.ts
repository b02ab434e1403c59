import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NmzError } from "../../util/index.js";

/** What the page is made of beside its data; scripts/bundle.ts makes both from src/report/page. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** From the package's dist/bin, wherever below the package this module is: bundled, built or source. Throws NMZ_REPORT_PAGE. */
export function loadPageAssets(from: string = import.meta.dirname): PageAssets {
  for (let folder = from; ; folder = dirname(folder)) {
    const built = join(folder, "dist", "bin", "report-page.js");
    if (existsSync(built)) {
      return {
        script: readFileSync(built, "utf8"),
        style: readFileSync(built.replace(/js$/, "css"), "utf8"),
      };
    }
    if (folder === dirname(folder)) break;
  }
  throw new NmzError("NMZ_REPORT_PAGE", `the report's page is not below ${from}`, {
    hint: "install nmzc again; in its sources: npm run build. --format md needs no page",
  });
}
