import { announce } from "./announce.js";
import { element } from "./element.js";

type Theme = "light" | "dark";

const key = "nmzc-report-theme";

/** Follows the system until somebody chooses. `onChange` is for what is drawn and not styled. */
export function themeButton(onChange: () => void): HTMLElement {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = stored();
  const current = (): Theme => chosen ?? (system.matches ? "dark" : "light");
  const button = element("button", { type: "button", class: "theme" });
  const show = () => {
    document.documentElement.dataset["theme"] = current();
    const other = current() === "dark" ? "light" : "dark";
    button.textContent = `${other === "dark" ? "☾ Dark" : "☀ Light"}`;
    button.setAttribute("aria-label", `Change to ${other} colours`);
    onChange();
  };
  button.addEventListener("click", () => {
    chosen = current() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(key, chosen);
    } catch {
      // A page from disk may have no storage: the choice lasts as long as the page.
    }
    show();
    announce(`${chosen} colours`);
  });
  system.addEventListener("change", show);
  show();
  return button;
}

function stored(): Theme | undefined {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : undefined;
  } catch {
    return undefined;
  }
}
