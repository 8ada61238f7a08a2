import { useCallback, useEffect, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import { nameOf } from "../../text/names";
import type { Chat, Invite } from "../../wire";
import { useActions, useMessenger } from "../frame/messenger";
import { paths } from "../frame/paths";
import { Button } from "../kit/Button";
import { copyText } from "../kit/copyText";
import { ConfirmDialog, Dialog } from "../kit/Dialog";
import { ErrorState } from "../kit/ErrorState";
import { failureOf, wordsFor } from "../kit/failure";
import { IconButton } from "../kit/IconButton";
import { useWaiting } from "../kit/late";
import { later } from "../kit/later";
import { Popup } from "../kit/Popup";
import { SkeletonRows } from "../kit/Skeleton";
import { warn } from "../kit/toast";
import { Choice } from "../settings/Choice";
import { Switch } from "../settings/Switch";

const InviteCode = later(async () => (await import("./InviteCode")).InviteCode);

const DAY_SECS = 86_400;
const LASTS_SECS = [DAY_SECS, 7 * DAY_SECS, 0];
const USES = [1, 10, 0];

/** Links by which people come in by themselves. */
export function Invites({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const actions = useActions();
  const { invites, failure, reload } = useInvites(chat);
  const [lasts, setLasts] = useState(7 * DAY_SECS);
  const [uses, setUses] = useState(0);
  const [requiresApproval, setApproval] = useState(false);
  const hasApproval = useMessenger((state) => state.features.has("join-approval"));
  const [isBusy, setBusy] = useState(false);
  const isWaiting = useWaiting(!invites && !failure);

  const create = async () => {
    setBusy(true);
    try {
      const wish = { expiresInSecs: lasts || null, maxUses: uses || null, requiresApproval };
      await actions.createInvite(chat.id, wish);
      reload();
    } catch (error) {
      warn(wordsFor(failureOf(error)));
    }
    setBusy(false);
  };

  return (
    <Dialog title={t("group.invites")} size="sheet" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Choice
          label={t("group.invite.lasts")}
          value={lasts}
          options={LASTS_SECS.map((value) => ({
            value,
            label: value ? days(value / DAY_SECS) : t("group.invite.always"),
          }))}
          onChange={setLasts}
        />
        <Choice
          label={t("group.invite.uses")}
          value={uses}
          options={USES.map((value) => ({
            value,
            label: value ? value.toLocaleString(locale()) : t("group.invite.anyNumber"),
          }))}
          onChange={setUses}
        />
        {hasApproval && (
          <Switch
            label={t("group.invite.approval")}
            hint={t("group.invite.approvalHint")}
            isOn={requiresApproval}
            onChange={setApproval}
          />
        )}
        <Button look="primary" icon="plus" isBusy={isBusy} onClick={() => void create()}>
          {t("group.invite.create")}
        </Button>
        {failure && <ErrorState failure={failure} onRetry={reload} />}
        {isWaiting && <SkeletonRows rows={2} />}
        {invites?.length === 0 && !isWaiting && (
          <p className="text-center text-muted">{t("group.invite.none")}</p>
        )}
        {invites && invites.length > 0 && !isWaiting && (
          <ul aria-label={t("group.invites")} className="flex flex-col gap-2">
            {invites.map((invite) => (
              <InviteRow key={invite.code} chat={chat} invite={invite} onRevoked={reload} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function InviteRow({ chat, invite, onRevoked }: { chat: Chat; invite: Invite; onRevoked: () => void }) {
  const actions = useActions();
  const [isAsked, setAsked] = useState(false);
  const [isCode, setCode] = useState(false);
  const maker = useMessenger((state) => nameOf(state.users, invite.createdBy));
  const link = location.origin + paths.join(invite.code);

  const revoke = async () => {
    setAsked(false);
    try {
      await actions.revokeInvite(chat.id, invite.code);
      onRevoked();
    } catch (error) {
      warn(wordsFor(failureOf(error)));
    }
  };

  return (
    <li className="flex flex-wrap items-center gap-1 rounded-xl bg-sunken py-1 ps-3">
      <span className="min-w-0 grow basis-40 py-1">
        <span dir="ltr" className="block truncate">
          {link}
        </span>
        <span className="block text-muted text-sm">{facts(invite, maker)}</span>
      </span>
      <span className="ms-auto flex flex-wrap">
        <IconButton
          icon="copy"
          label={t("group.invite.copy")}
          onClick={() => void copyText(link, t("group.invite.copied"))}
        />
        {"share" in navigator && (
          <IconButton
            icon="forward"
            label={t("group.invite.share")}
            onClick={() => void share(chat.title, link)}
          />
        )}
        <IconButton icon="qr" label={t("group.invite.showCode")} onClick={() => setCode(true)} />
        <IconButton icon="trash" label={t("group.invite.revoke")} onClick={() => setAsked(true)} />
      </span>
      {isCode && (
        <Popup onFail={() => setCode(false)}>
          <InviteCode title={chat.title} link={link} onClose={() => setCode(false)} />
        </Popup>
      )}
      {isAsked && (
        <ConfirmDialog
          title={t("group.invite.revokeTitle")}
          text={t("group.invite.revokeText")}
          action={t("group.invite.revoke")}
          onConfirm={() => void revoke()}
          onClose={() => setAsked(false)}
        />
      )}
    </li>
  );
}

function facts({ uses, usesLeft, expiresAt, requiresApproval }: Invite, maker: string): string {
  const parts = [
    t("group.invite.by", { name: maker }),
    usesLeft == null ? t("group.invite.used", { count: uses }) : t("group.invite.left", { count: usesLeft }),
  ];
  if (expiresAt) {
    const date = new Date(expiresAt).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
    parts.push(t("group.invite.until", { date }));
  }
  if (requiresApproval) parts.push(t("group.invite.approvalShort"));
  return parts.join(" · ");
}

function days(count: number): string {
  return new Intl.NumberFormat(locale(), { style: "unit", unit: "day", unitDisplay: "long" }).format(count);
}

async function share(title: string, url: string): Promise<void> {
  // Who closes the sheet has changed their mind.
  await navigator.share({ title, url }).catch(() => {});
}

function useInvites(chat: Chat) {
  const actions = useActions();
  const [invites, setInvites] = useState<readonly Invite[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const reload = useCallback(() => {
    setFailure(null);
    actions.invites(chat.id).then(setInvites, (error) => setFailure(failureOf(error)));
  }, [actions, chat.id]);
  useEffect(reload, [reload]);
  return { invites, failure, reload };
}
