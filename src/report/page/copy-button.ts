import { announce } from "./announce.js";
import { element } from "./element.js";

/** A command, and a button that copies it. `purpose` says to those who listen which command it is. */
export function copyable(command: string, purpose: string): HTMLElement {
  const code = element("code", {}, command);
  const button = element(
    "button",
    { type: "button", class: "copy", "aria-label": `Copy: ${purpose}` },
    "Copy",
  );
  let reset: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener("click", async () => {
    const done = await copy(command, code);
    button.textContent = done ? "Copied" : "Selected";
    announce(done ? "Copied" : "The command is selected: copy it with the keyboard");
    clearTimeout(reset);
    reset = setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  });
  return element("div", { class: "command" }, code, button);
}

/** False: the browser does not let us, and the text is selected instead. */
async function copy(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const selection = getSelection();
    selection?.selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
