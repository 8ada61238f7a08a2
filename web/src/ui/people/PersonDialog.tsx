import { useEffect, useState } from "react";
import { t } from "../../i18n";
import type { Failure, Person } from "../../sync/model";
import { called } from "../../text/names";
import type { Chat, UserId } from "../../wire";
import { personStatus, presenceOf } from "../chat/presenceText";
import { useActions, useMessenger } from "../frame/messenger";
import { useRoleActions } from "../group/useRoleActions";
import { ActionRows } from "../kit/ActionRow";
import { Avatar } from "../kit/Avatar";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { ErrorState } from "../kit/ErrorState";
import { failureOf } from "../kit/failure";
import { SkeletonRows } from "../kit/Skeleton";
import type { MenuItem } from "../kit/useMenu";
import { InCommon } from "./InCommon";
import { useBonds } from "./useBonds";
import { useRole } from "./useRole";
import { useTalk } from "./useTalk";

interface Props {
  id: UserId;
  /** Where they were met. */
  chat: Chat;
  onChanged?: () => void;
  onClose: () => void;
}

/** Who somebody is, and what can be done about them, wherever their name or picture is pressed. */
export function PersonDialog({ id, chat, onChanged, onClose }: Props) {
  const person = useMessenger((state) => state.users[id]);
  const { failure, retry } = useFresh(id);
  if (person && !person.isDeleted) {
    return <Known person={person} chat={chat} onChanged={onChanged} onClose={onClose} />;
  }
  return (
    <Dialog title={person ? called(person) : t("chat.somebody")} size="low" onClose={onClose}>
      {person ? (
        <p className="text-muted">{t("chat.peerDeleted")}</p>
      ) : failure ? (
        <ErrorState failure={failure} onRetry={retry} />
      ) : (
        <SkeletonRows rows={2} />
      )}
    </Dialog>
  );
}

type KnownProps = Omit<Props, "id"> & { person: Person };

function Known({ person, chat, onChanged, onClose }: KnownProps) {
  const talk = useTalk();
  const bonds = useBonds(person);
  const { role, lookAgain } = useRole(chat, person.id);
  const roles = useRoleActions(chat, person, role, () => {
    lookAgain();
    onChanged?.();
  });
  return (
    <>
      <Dialog title={called(person)} size="low" onClose={onClose}>
        <About person={person} />
        <div className="flex flex-col gap-1">
          {!person.isBlocked && (
            <Button
              look="primary"
              icon="compose"
              className="mb-2"
              data-autofocus
              onClick={() => talk.talkTo(person)}
            >
              {t("group.write")}
            </Button>
          )}
          <Lines label={t("people.actions")} items={bonds.items()} />
          <Lines label={t("people.inGroup")} items={roles.items()} />
        </div>
        <InCommon id={person.id} besides={chat.id} />
      </Dialog>
      {talk.popup}
      {bonds.dialog}
      {roles.dialog}
    </>
  );
}

function About({ person }: { person: Person }) {
  const status = useMessenger((state) => personStatus(person, state, Date.now()));
  const presence = useMessenger((state) => presenceOf(state, person.id)?.status);
  return (
    <div className="flex items-center gap-4 pb-4">
      <Avatar id={person.id} name={called(person)} size={72} presence={presence} />
      <div className="min-w-0 flex-1">
        <p className="text-muted wrap-anywhere">
          <bdi>@{person.username}</bdi>
        </p>
        {person.nickname !== null && (
          <p className="text-muted text-sm wrap-anywhere">
            {t("contacts.ownName", { name: person.displayName })}
          </p>
        )}
        <p className="min-h-5 text-muted text-sm">{status}</p>
        {person.about !== "" && (
          <p dir="auto" className="mt-1 whitespace-pre-wrap wrap-anywhere">
            {person.about}
          </p>
        )}
      </div>
    </div>
  );
}

function Lines({ label, items }: { label: string; items: readonly MenuItem[] }) {
  if (items.length === 0) return null;
  return (
    <fieldset className="flex flex-col border-line border-t pt-1">
      <legend className="sr-only">{label}</legend>
      <ActionRows items={items} />
    </fieldset>
  );
}

/** What is known of somebody may be old: it is shown, and asked for once more. */
function useFresh(id: UserId) {
  const actions = useActions();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    let isHere = true;
    setFailure(null);
    actions.watchPresence("person", [id]);
    actions.user(id).catch((error) => isHere && setFailure(failureOf(error)));
    return () => {
      isHere = false;
      actions.watchPresence("person", []);
    };
  }, [actions, id, tries]);
  return { failure, retry: () => setTries(tries + 1) };
}
