import { type FormEvent, useState } from "react";
import { locale, t } from "../../i18n";
import type { Staff } from "../../sync/staff";
import { RichText } from "../../text/RichText";
import { dayTime } from "../../text/times";
import type { AnnouncementLevel, AnnouncementRecord } from "../../wire";
import { useGuarded } from "../account/useGuarded";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { FailureLine } from "../kit/FailureLine";
import { TextArea } from "../kit/Field";
import { wordsFor } from "../kit/failure";
import { warn } from "../kit/toast";
import { Choice } from "../settings/Choice";
import { endOf } from "./BanLength";
import { PagedList } from "./PagedList";
import { usePages } from "./usePages";

const LEVELS: AnnouncementLevel[] = ["info", "warning", "critical"];
const DAYS = [1, 7, 0];

const ask = async (staff: Staff, cursor?: string) => {
  const page = await staff.announcements({ cursor });
  return { items: page.announcements, nextCursor: page.nextCursor ?? null };
};

/** What was said to everybody, and a way to say more. */
export function AnnouncementsPart() {
  const pages = usePages<AnnouncementRecord>(ask);
  return (
    <>
      <Make onMade={pages.reload} />
      <PagedList
        label={t("moderation.announcements")}
        pages={pages}
        icon="bell"
        none={t("moderation.noAnnouncements")}
        row={(one) => <Row key={one.id} announcement={one} onChanged={pages.reload} />}
      />
    </>
  );
}

function Make({ onMade }: { onMade: () => void }) {
  const actions = useActions();
  const [content, setContent] = useState("");
  const [level, setLevel] = useState<AnnouncementLevel>("info");
  const [days, setDays] = useState(7);
  const { isBusy, failure, submit, dialog } = useGuarded();
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (content.trim() === "") return;
    await submit(async () => {
      const staff = await actions.staff();
      await staff.announce({ content: content.trim(), level, until: endOf(days) });
      setContent("");
      onMade();
    });
  };
  const dayLabel = (count: number) =>
    new Intl.NumberFormat(locale(), { style: "unit", unit: "day", unitDisplay: "long" }).format(count);
  return (
    <>
      <form onSubmit={(event) => void make(event)} className="flex flex-col gap-4">
        <FailureLine failure={failure} />
        <TextArea
          label={t("moderation.toAll")}
          error={failure?.fields.content ?? null}
          value={content}
          maxLength={4_000}
          dir="auto"
          onChange={(event) => setContent(event.target.value)}
        />
        <Choice
          label={t("moderation.level")}
          value={level}
          options={LEVELS.map((value) => ({ value, label: t(`safety.level.${value}`) }))}
          onChange={setLevel}
        />
        <Choice
          label={t("moderation.shownFor")}
          value={days}
          options={DAYS.map((value) => ({
            value,
            label: value ? dayLabel(value) : t("moderation.untilWithdrawn"),
          }))}
          onChange={setDays}
        />
        <Button type="submit" look="primary" isBusy={isBusy} disabled={content.trim() === ""}>
          {t("moderation.announce")}
        </Button>
      </form>
      {dialog}
    </>
  );
}

function Row({ announcement: one, onChanged }: { announcement: AnnouncementRecord; onChanged: () => void }) {
  const actions = useActions();
  const { isBusy, submit, dialog } = useGuarded((failure) => warn(wordsFor(failure)));
  const isOver = one.until != null && Date.parse(one.until) <= Date.now();
  const withdraw = () =>
    submit(async () => {
      const staff = await actions.staff();
      await staff.withdraw(one.id);
      onChanged();
    });
  return (
    <li className="flex flex-col items-start gap-1 rounded-xl bg-sunken px-3 py-2">
      <RichText source={one.content} />
      <p className="text-muted text-sm">
        {[t(`safety.level.${one.level}`), dayTime(one.createdAt, locale()), ending(one, isOver)].join(" · ")}
      </p>
      {!one.withdrawnAt && !isOver && (
        <Button look="danger-plain" isBusy={isBusy} onClick={() => void withdraw()}>
          {t("moderation.withdraw")}
        </Button>
      )}
      {dialog}
    </li>
  );
}

function ending({ withdrawnAt, until }: AnnouncementRecord, isOver: boolean): string {
  if (withdrawnAt) return t("moderation.withdrawn");
  if (isOver) return t("moderation.over");
  return until ? t("moderation.until", { date: dayTime(until, locale()) }) : t("moderation.untilWithdrawn");
}
