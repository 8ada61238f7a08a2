import { useStore } from "zustand";
import { useShallow } from "zustand/shallow";
import { t } from "../../i18n";
import type { State } from "../../sync/model";
import type { ChatId, UserId } from "../../wire";
import { useActions } from "../frame/messenger";
import { paths } from "../frame/paths";
import { To } from "../frame/To";
import { Avatar } from "../kit/Avatar";
import { OneLine } from "../kit/OneLine";

const MOST_SHOWN = 6;

/** The groups that both are in, as far as this device knows who is in them. */
export function InCommon({ id, besides }: { id: UserId; besides: ChatId }) {
  const groups = useStore(
    useActions().store,
    useShallow((state) => groupsWith(state, id).filter((group) => group !== besides)),
  );
  if (groups.length === 0) return null;
  return (
    <section className="mt-3">
      <h3 className="mb-1 font-semibold text-muted text-sm">{t("people.inCommon")}</h3>
      <ul>
        {groups.slice(0, MOST_SHOWN).map((group) => (
          <GroupLink key={group} id={group} />
        ))}
      </ul>
    </section>
  );
}

function GroupLink({ id }: { id: ChatId }) {
  const title = useStore(useActions().store, (state) => state.chats[id]?.chat.title ?? "");
  return (
    <li>
      <To
        href={paths.chat(id)}
        className="flex min-h-11 items-center gap-3 rounded-xl px-2 hover:bg-hover focus-visible:-outline-offset-2"
      >
        <Avatar id={id} name={title} size={32} />
        <OneLine>{title}</OneLine>
      </To>
    </li>
  );
}

function groupsWith({ chats, order }: State, id: UserId): ChatId[] {
  return order.filter((at) => chats[at]?.chat.type === "group" && chats[at].receipts[id] !== undefined);
}
