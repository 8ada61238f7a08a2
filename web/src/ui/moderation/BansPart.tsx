import { type FormEvent, useCallback, useDeferredValue, useId, useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { Staff } from "../../sync/staff";
import { fullTime } from "../../text/times";
import type { Account } from "../../wire";
import { useStepUp } from "../account/useStepUp";
import { useActions } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea, TextField } from "../kit/Field";
import { failureOf, wordsFor } from "../kit/failure";
import { OneLine } from "../kit/OneLine";
import { toast, warn } from "../kit/toast";
import { BanLength, endOf } from "./BanLength";
import { PagedList } from "./PagedList";
import { usePages } from "./usePages";

/** Who is banned; and, once a name is typed, whom one could ban. */
export function BansPart() {
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const ask = useCallback(
    async (staff: Staff, cursor?: string) => {
      const page = await staff.accounts({ ...(query === "" ? { banned: true } : { query }), cursor });
      return { items: page.users, nextCursor: page.nextCursor ?? null };
    },
    [query],
  );
  const pages = usePages<Account>(ask);
  return (
    <>
      <TextField
        type="search"
        label={t("moderation.findAccount")}
        hint={t("moderation.findAccountHint")}
        value={text}
        maxLength={64}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
      />
      <PagedList
        label={t(query === "" ? "moderation.bans" : "moderation.accounts")}
        pages={pages}
        icon="block"
        none={t(query === "" ? "moderation.noBans" : "moderation.noAccounts")}
        row={(account) => <Row key={account.id} account={account} onChanged={pages.reload} />}
      />
    </>
  );
}

function Row({ account, onChanged }: { account: Account; onChanged: () => void }) {
  const actions = useActions();
  const { guard, dialog } = useStepUp();
  const [isBusy, setBusy] = useState(false);
  const [isBanning, setBanning] = useState(false);
  const { id, displayName: name, username, ban } = account;
  const lift = async () => {
    setBusy(true);
    try {
      const staff = await actions.staff();
      await guard(() => staff.lift(id));
      toast(t("moderation.lifted", { name }));
      onChanged();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== "step_up_required") warn(wordsFor(failure));
      setBusy(false);
    }
  };
  return (
    <li className="flex items-center gap-3 rounded-xl bg-sunken px-3 py-2">
      <Avatar id={id} name={name} size={44} />
      <span className="min-w-0 flex-1">
        <OneLine className="font-medium">{name}</OneLine>
        <OneLine className="text-muted text-sm">@{username}</OneLine>
        {ban && (
          <span dir="auto" className="block text-sm [overflow-wrap:anywhere]">
            {ban.reason} ·{" "}
            {ban.until
              ? t("moderation.until", { date: fullTime(ban.until, locale()) })
              : t("moderation.forGood")}
          </span>
        )}
      </span>
      {ban ? (
        <Button isBusy={isBusy} aria-label={t("moderation.liftOf", { name })} onClick={() => void lift()}>
          {t("moderation.lift")}
        </Button>
      ) : (
        <Button
          look="danger-plain"
          aria-label={t("moderation.banOf", { name })}
          onClick={() => setBanning(true)}
        >
          {t("moderation.do.ban")}
        </Button>
      )}
      {isBanning && <BanDialog account={account} onDone={onChanged} onClose={() => setBanning(false)} />}
      {dialog}
    </li>
  );
}

interface BanProps {
  account: Account;
  onDone: () => void;
  onClose: () => void;
}

function BanDialog({ account: { id, displayName: name }, onDone, onClose }: BanProps) {
  const actions = useActions();
  const { guard, dialog } = useStepUp();
  const form = useId();
  const [reason, setReason] = useState("");
  const [days, setDays] = useState(7);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const ban = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || reason.trim() === "") return;
    setBusy(true);
    setFailure(null);
    try {
      const staff = await actions.staff();
      await guard(() => staff.ban(id, { reason: reason.trim(), until: endOf(days) }));
      onDone();
      onClose();
    } catch (error) {
      const refused = failureOf(error);
      if (refused.code !== "step_up_required") setFailure(refused);
      setBusy(false);
    }
  };
  return (
    <>
      <Dialog
        title={t("moderation.banTitle", { name })}
        onClose={onClose}
        footer={
          <>
            <Button onClick={onClose}>{t("kit.cancel")}</Button>
            <Button look="danger" type="submit" form={form} isBusy={isBusy} disabled={reason.trim() === ""}>
              {t("moderation.do.ban")}
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={(event) => void ban(event)} className="flex flex-col gap-4">
          <FailureLine failure={failure} />
          <p className="text-muted">{t("moderation.means.ban")}</p>
          <TextArea
            label={t("moderation.reason")}
            hint={t("moderation.reasonHint")}
            error={failure?.fields.reason ?? null}
            value={reason}
            maxLength={500}
            dir="auto"
            onChange={(event) => setReason(event.target.value)}
          />
          <BanLength days={days} onChange={setDays} />
        </form>
      </Dialog>
      {dialog}
    </>
  );
}
