import { type FormEvent, useCallback, useDeferredValue, useId, useState } from "react";
import { locale, t } from "../../i18n";
import type { Staff } from "../../sync/staff";
import { dayTime } from "../../text/times";
import type { Account } from "../../wire";
import { useGuarded } from "../account/useGuarded";
import { useActions } from "../frame/messenger";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { TextArea, TextField } from "../kit/Field";
import { wordsFor } from "../kit/failure";
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
  const { isBusy, submit, dialog } = useGuarded((failure) => warn(wordsFor(failure)));
  const [isBanning, setBanning] = useState(false);
  const { id, displayName: name, username, ban } = account;
  const lift = () =>
    submit(async () => {
      const staff = await actions.staff();
      await staff.lift(id);
      toast(t("moderation.lifted", { name }));
      onChanged();
    });
  return (
    <li className="flex flex-wrap items-center gap-x-3 rounded-xl bg-sunken px-3 py-2">
      <Avatar id={id} name={name} size={44} />
      <span className="min-w-0 flex-1">
        <OneLine className="font-medium">{name}</OneLine>
        <OneLine className="text-muted text-sm">@{username}</OneLine>
      </span>
      {ban ? (
        <Button
          look="soft"
          isBusy={isBusy}
          aria-label={t("moderation.liftOf", { name })}
          onClick={() => void lift()}
        >
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
      {ban && (
        <p className="basis-full py-1 text-sm [overflow-wrap:anywhere]">
          <bdi>{ban.reason}</bdi>
          <span className="block text-muted">
            {ban.until
              ? t("moderation.until", { date: dayTime(ban.until, locale()) })
              : t("moderation.forGood")}
          </span>
        </p>
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
  const form = useId();
  const [reason, setReason] = useState("");
  const [days, setDays] = useState(7);
  const { isBusy, failure, submit, dialog } = useGuarded();
  const ban = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === "") return;
    await submit(async () => {
      const staff = await actions.staff();
      await staff.ban(id, { reason: reason.trim(), until: endOf(days) });
      onDone();
      onClose();
    });
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
