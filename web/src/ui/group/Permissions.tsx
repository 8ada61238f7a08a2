import { useState } from "react";
import { locale, t } from "../../i18n";
import type { ChatPatch } from "../../sync/messenger";
import { duration } from "../../text/times";
import type { Chat, Permissions as Rights, Role } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { useSubmit } from "../kit/useSubmit";
import { Choice } from "../settings/Choice";
import { Switch } from "../settings/Switch";

const RIGHTS = ["send", "addMembers", "editInfo", "pin"] as const satisfies (keyof Rights)[];
const LABELS = {
  send: "group.may.send",
  addMembers: "group.may.addMembers",
  editInfo: "group.may.editInfo",
  pin: "group.may.pin",
} as const;
const WHO = { member: "group.everyone", admin: "group.admins", owner: "group.role.owner" } as const;

const PAUSES_SECS = [0, 5, 30, 60, 300, 3_600];

/** Who may do what, how often, and what those see who come later. What is the owner's alone only the owner gives and takes. */
export function Permissions({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const actions = useActions();
  const [changed, setChanged] = useState<Partial<Rights>>({});
  const [before] = useState(chat);
  const [pause, setPause] = useState(before.slowModeSecs);
  const [history, setHistory] = useState(before.historyVisible);
  const hasSlowMode = useMessenger((state) => state.features.has("slow-mode"));
  const { isBusy, failure, submit } = useSubmit();
  const isOwner = chat.me.role === "owner";

  const permissions = differing(changed, chat.permissions);
  const patch: ChatPatch = {
    ...(permissions && { permissions }),
    ...(pause !== before.slowModeSecs && { slowModeSecs: pause }),
    ...(history !== before.historyVisible && { historyVisible: history }),
  };
  const hasChanged = Object.keys(patch).length > 0;
  const save = () =>
    submit(async () => {
      if (hasChanged) await actions.updateChat(chat.id, patch);
      onClose();
    });

  return (
    <Dialog
      title={t("group.permissions")}
      onClose={onClose}
      holds={hasChanged}
      footer={
        <>
          <Button onClick={onClose}>{t("kit.cancel")}</Button>
          <Button look="primary" isBusy={isBusy} onClick={() => void save()}>
            {t("kit.save")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <FailureLine failure={failure} />
        {RIGHTS.map((right) =>
          !isOwner && chat.permissions[right] === "owner" ? (
            <div key={right}>
              <p className="font-medium">{t(LABELS[right])}</p>
              <p className="text-muted">{t("group.ownerAlone")}</p>
            </div>
          ) : (
            <Choice
              key={right}
              label={t(LABELS[right])}
              value={changed[right] ?? chat.permissions[right]}
              options={choices(isOwner)}
              onChange={(least) => setChanged({ ...changed, [right]: least })}
            />
          ),
        )}
        {hasSlowMode && (
          <Choice
            label={t("group.slowMode")}
            value={pause}
            options={pauses(before.slowModeSecs)}
            onChange={setPause}
          />
        )}
        <Switch
          label={t("group.history")}
          isOn={history === "all"}
          onChange={(isOn) => setHistory(isOn ? "all" : "sinceJoining")}
        />
      </div>
    </Dialog>
  );
}

function choices(isOwner: boolean) {
  const roles: Role[] = isOwner ? ["member", "admin", "owner"] : ["member", "admin"];
  return roles.map((value) => ({ value, label: t(WHO[value]) }));
}

/** The usual ones, and the one it is. */
function pauses(now: number) {
  const offered = [...new Set([...PAUSES_SECS, now])].sort((a, b) => a - b);
  return offered.map((value) => ({
    value,
    label: value === 0 ? t("group.slowModeOff") : duration(value, locale()),
  }));
}

/** Only what is another now, so that what others change meanwhile stays. */
function differing(changed: Partial<Rights>, now: Rights): Partial<Rights> | null {
  const rights = RIGHTS.filter((right) => changed[right] !== undefined && changed[right] !== now[right]);
  return rights.length === 0 ? null : Object.fromEntries(rights.map((right) => [right, changed[right]]));
}
