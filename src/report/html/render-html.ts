import { createHash } from "node:crypto";
import type { ReportData } from "../data/index.js";
import type { PackedTimelines } from "../timeline/index.js";
import { verdictWords } from "../words/index.js";
import { embedJson, escapeHtml } from "./embed-json.js";
import type { PageAssets } from "./page-assets.js";

/**
 * One file that opens from disk and asks the network for nothing, which its content security policy promises: the script and
 * the style are known by their digests, and whatever the data brings in is not run. `fallback` is what is read without JavaScript.
 */
export function renderHtml(
  data: ReportData,
  timelines: PackedTimelines,
  { script, style }: PageAssets,
  fallback: string,
): string {
  const code = script.replaceAll("</script", "<\\/script");
  const policy = [
    "default-src 'none'",
    `script-src '${digest(code)}'`,
    `style-src '${digest(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const { campaign } = data;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="nmzc ${escapeHtml(data.environment.nmzc)}">
<title>${escapeHtml(`${verdictWords(data).headline}: ${campaign.test}`)}</title>
<style>${style}</style>
</head>
<body>
<noscript><pre>${escapeHtml(fallback)}</pre></noscript>
<script type="application/json" id="report">${embedJson({ data, timelines })}</script>
<script>${code}</script>
</body>
</html>
`;
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
