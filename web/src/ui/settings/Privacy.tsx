import { type TextId, t } from "../../i18n";
import type { Settings } from "../../wire";
import { useMessenger } from "../frame/messenger";
import { ErrorState } from "../kit/ErrorState";
import { useWaiting } from "../kit/late";
import { SkeletonRows } from "../kit/Skeleton";
import { Blocked } from "./Blocked";
import { Choice } from "./Choice";
import { Switch } from "./Switch";
import { useSettings } from "./useSettings";

type Audience = Settings["privacy"]["lastSeen"];
type Approach = Settings["privacy"]["whoCanMessage"];

const AUDIENCES: readonly Audience[] = ["everyone", "contacts", "nobody"];
const APPROACHES: readonly Approach[] = ["everyone", "contacts"];

const WORDS = {
  everyone: "privacy.everyone",
  contacts: "privacy.contacts",
  nobody: "privacy.nobody",
} as const satisfies Record<Audience, TextId>;

/** Who sees what of me, and who may come up to me. */
export function Privacy() {
  const { settings, failure, retry, change } = useSettings();
  const hasBlocks = useMessenger((state) => state.features.has("blocks"));
  const isWaiting = useWaiting(!settings && !failure);
  if (failure) return <ErrorState failure={failure} onRetry={retry} />;
  if (!settings || isWaiting) return <SkeletonRows rows={5} />;
  const { privacy } = settings;
  const audience = (key: "lastSeen" | "about" | "readReceipts", label: TextId, hint?: TextId) => (
    <Choice
      label={t(label)}
      hint={hint && t(hint)}
      value={privacy[key]}
      onChange={(value) => change({ privacy: { [key]: value } })}
      options={AUDIENCES.map((value) => ({ value, label: t(WORDS[value]) }))}
    />
  );
  const approach = (key: "whoCanMessage" | "whoCanAddToGroups", label: TextId, hint: TextId) => (
    <Choice
      label={t(label)}
      hint={t(hint)}
      value={privacy[key]}
      onChange={(value) => change({ privacy: { [key]: value } })}
      options={APPROACHES.map((value) => ({ value, label: t(WORDS[value]) }))}
    />
  );
  return (
    <div className="flex flex-col gap-6">
      {audience("lastSeen", "privacy.lastSeen", "privacy.lastSeenHint")}
      {audience("about", "privacy.about")}
      {audience("readReceipts", "privacy.receipts", "privacy.receiptsHint")}
      {approach("whoCanMessage", "privacy.message", "privacy.messageHint")}
      {approach("whoCanAddToGroups", "privacy.groups", "privacy.groupsHint")}
      <Switch
        label={t("privacy.findByEmail")}
        hint={t("privacy.findByEmailHint")}
        isOn={privacy.findByEmail}
        onChange={(findByEmail) => change({ privacy: { findByEmail } })}
      />
      {hasBlocks && <Blocked />}
    </div>
  );
}
