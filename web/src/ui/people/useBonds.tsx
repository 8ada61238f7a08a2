import { type ReactNode, useState } from "react";
import { t } from "../../i18n";
import type { Person } from "../../sync/model";
import { called } from "../../text/names";
import { useActions, useMessenger } from "../frame/messenger";
import { ConfirmDialog } from "../kit/Dialog";
import { wordsFor } from "../kit/failure";
import { toast, warn } from "../kit/toast";
import type { MenuItem } from "../kit/useMenu";
import { useSubmit } from "../kit/useSubmit";
import { ReportPerson } from "../safety/Report";
import { NicknameDialog } from "./NicknameDialog";

interface Bonds {
  items: () => MenuItem[];
  /** To be rendered anywhere. */
  dialog: ReactNode;
}

type Asked = "rename" | "remove" | "block" | "report" | null;

/** What somebody may be to the user: a contact, one under another name, one who is blocked. */
export function useBonds(person: Person): Bonds {
  const actions = useActions();
  const features = useMessenger((state) => state.features);
  const [asked, setAsked] = useState<Asked>(null);
  const { isBusy, submit } = useSubmit((failure) => warn(wordsFor(failure)));
  const name = called(person);

  const attempt = async (work: () => Promise<unknown>) => {
    await submit(work);
    setAsked(null);
  };
  const add = async () => {
    const request = await actions.addContact({ userId: person.id });
    toast(t(request ? "contacts.asked" : "contacts.added", { name }));
  };
  const unblock = async () => {
    await actions.unblock(person.id);
    toast(t("contacts.unblocked", { name }));
  };

  const items = (): MenuItem[] => {
    const { isContact, isBlocked } = person;
    const offered: (MenuItem | false)[] = [
      features.has("contacts") &&
        !isContact && { label: t("contacts.add"), icon: "plus", run: () => void attempt(add) },
      features.has("contacts") &&
        isContact && { label: t("contacts.rename"), icon: "edit", run: () => setAsked("rename") },
      features.has("contacts") &&
        isContact && { label: t("contacts.remove"), icon: "trash", run: () => setAsked("remove") },
      features.has("blocks") &&
        (isBlocked
          ? {
              label: t("contacts.unblock"),
              icon: "check",
              startsGroup: true,
              run: () => void attempt(unblock),
            }
          : {
              label: t("contacts.block"),
              icon: "block",
              isDanger: true,
              startsGroup: true,
              run: () => setAsked("block"),
            }),
      features.has("reports") && {
        label: t("safety.report"),
        icon: "flag",
        isDanger: true,
        run: () => setAsked("report"),
      },
    ];
    return offered.filter((item) => item !== false);
  };

  const close = () => setAsked(null);
  if (asked === "rename") return { items, dialog: <NicknameDialog person={person} onClose={close} /> };
  if (asked === "report") return { items, dialog: <ReportPerson id={person.id} onClose={close} /> };
  const dialog = asked && (
    <ConfirmDialog
      title={t(asked === "block" ? "contacts.blockTitle" : "contacts.removeTitle", { name })}
      text={t(asked === "block" ? "contacts.blockText" : "contacts.removeText")}
      action={t(asked === "block" ? "contacts.block" : "contacts.remove")}
      isBusy={isBusy}
      onConfirm={() =>
        void attempt(() => (asked === "block" ? actions.block(person.id) : actions.removeContact(person.id)))
      }
      onClose={close}
    />
  );
  return { items, dialog };
}
