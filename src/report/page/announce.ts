import { element } from "./element.js";

let region: HTMLElement | undefined;

/** Tells those who listen to the page what the others see happen. */
export function announce(text: string): void {
  if (region === undefined) {
    region = element("div", { class: "unseen", role: "status" });
    document.body.append(region);
  }
  region.textContent = text;
}
