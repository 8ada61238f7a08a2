import { useState } from "react";
import { t } from "../../i18n";
import { useActions } from "../frame/messenger";

const MOST_SHOWN = 8;

/** Those that were used last, as they were when it opened: nothing moves under the finger. */
export function RecentEmoji({ onChoose }: { onChoose: (emoji: string) => void }) {
  const { store } = useActions();
  const [recent] = useState(() => store.getState().emoji.recent.slice(0, MOST_SHOWN));
  if (recent.length === 0) return null;
  return (
    <section aria-label={t("chat.emoji.recent")} className="short:hidden border-line border-b pb-1">
      <h3 className="px-3 py-1 font-medium text-muted text-xs">{t("chat.emoji.recent")}</h3>
      <div className="flex">
        {recent.map((emoji) => (
          <button
            key={emoji}
            type="button"
            onClick={() => onChoose(emoji)}
            className="grid size-10 place-items-center rounded-lg text-2xl hover:bg-hover focus-visible:-outline-offset-2"
          >
            {emoji}
          </button>
        ))}
      </div>
    </section>
  );
}
