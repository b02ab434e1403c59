import type { Page } from "playwright-core";

/** Parts of the page that somebody could not use, by name. Runs in the page; what axe's rules of the same kind look for. */
export function nameless(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const labelOf = (found: Element): string => {
      const labels = "labels" in found ? [...((found as HTMLInputElement).labels ?? [])] : [];
      const own = found.matches("input, select, canvas") ? "" : found.textContent;
      return [found.getAttribute("aria-label"), own, ...labels.map((label) => label.textContent)]
        .join("")
        .trim();
    };
    const wanted = "button, a, input, select, summary, [tabindex='0'], svg[role='img']";
    const withoutName = [...document.querySelectorAll(wanted)].filter((found) => labelOf(found) === "");
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    const dangling = [...document.querySelectorAll("[aria-labelledby], label[for]")].filter((found) => {
      const id = found.getAttribute("aria-labelledby") ?? found.getAttribute("for")!;
      return document.getElementById(id) === null;
    });
    const levels = [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => Number(tagName[1]));
    const jumps = levels.filter((level, index) => index > 0 && level > levels[index - 1]! + 1);
    return [
      ...withoutName.map((found) => `no name: ${found.outerHTML.slice(0, 120)}`),
      ...twice.map((id) => `twice: #${id}`),
      ...dangling.map((found) => `leads nowhere: ${found.outerHTML.slice(0, 120)}`),
      ...jumps.map((level) => `a heading of level ${level} below none of level ${level - 1}`),
    ];
  });
}

/** Text whose contrast with what is behind it is below WCAG's 4.5 (3 for large text), with the number. */
export function faint(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = ([red = 0, green = 0, blue = 0]: number[]) => {
      const [r, g, b] = [red, green, blue].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const behind = (found: Element | null): number[] => {
      for (let each = found; each !== null; each = each.parentElement) {
        const colour = channels(getComputedStyle(each).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const results: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement!;
      if (node.textContent!.trim() === "" || parent.closest("script, noscript, style, .unseen") !== null)
        continue;
      if (!parent.checkVisibility()) continue;
      const style = getComputedStyle(parent);
      const isSvg = parent.closest("svg") !== null;
      const [text, ground] = [
        luminance(channels(isSvg ? style.fill : style.color)),
        luminance(behind(parent)),
      ];
      const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
      const isLarge = Number.parseFloat(style.fontSize) >= 24;
      if (contrast < (isLarge ? 3 : 4.5))
        results.push(`${contrast.toFixed(2)}: ${node.textContent!.trim().slice(0, 60)}`);
    }
    return results;
  });
}
