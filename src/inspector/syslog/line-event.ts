import { LogEvent, type Option } from "../../signal/index.js";
import { logHint } from "./log-hint.js";
import { parseSyslog } from "./parse-syslog.js";
import type { SyslogMessage } from "./syslog-message.js";

/**
 * The event that a line is. `option.message` is the text that was logged, and beside Namazu's two keys stand those that the
 * line had; `raw` is all of it, which is what Namazu's inspector had in `message`.
 */
export function lineEvent(
  entity: string,
  line: { readonly srcEntity: string; readonly text: string; readonly isCut: boolean },
): { readonly event: LogEvent; readonly message: SyslogMessage } {
  const message = parseSyslog(line.text);
  const { format, structuredData, message: text, ...known } = message;
  const fields: Option = {
    ...known,
    format,
    raw: line.text,
    ...(structuredData === undefined ? {} : { structured_data: structuredData }),
    ...(line.isCut ? { is_cut: true } : {}),
  };
  const { srcEntity } = line;
  const event = new LogEvent(entity, { srcEntity, message: text, replayHint: logHint(message), fields });
  return { event, message };
}
