import { t } from "../../i18n";
import type { Message } from "../../wire";
import { useChatTools } from "./tools";

/** Over the whole row while messages are chosen: a press anywhere on it takes it in or out. */
export function PickBox({ message }: { message: Message }) {
  const { chosen, select } = useChatTools();
  return (
    <label className="absolute inset-0 z-1 cursor-pointer rounded-xl has-checked:bg-accent/10 forced-colors:has-checked:outline-2">
      <input
        type="checkbox"
        // The row has the focus, and the space bar.
        tabIndex={-1}
        aria-label={t("chat.select")}
        checked={chosen?.has(message.id) ?? false}
        onChange={() => select(message)}
        className="absolute inset-s-1 top-1/2 size-6 -translate-y-1/2 accent-accent"
      />
    </label>
  );
}
