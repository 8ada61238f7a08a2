import { useState } from "react";
import { locale, t } from "../../i18n";
import type { Failure } from "../../sync/model";
import type { Leavings } from "../../wire";
import { useStepUp } from "../account/useStepUp";
import { useActions } from "../frame/messenger";
import { Button } from "../kit/Button";
import { Dialog } from "../kit/Dialog";
import { FailureLine } from "../kit/FailureLine";
import { failureOf } from "../kit/failure";
import { toast } from "../kit/toast";
import { Choice } from "./Choice";

/** The end of the account, with time to think better of it. */
export function DeleteAccount() {
  const [isOpen, setOpen] = useState(false);
  return (
    <section>
      <h2 className="mb-2 font-semibold">{t("rights.delete")}</h2>
      <p className="mb-2 text-muted">{t("rights.deleteText")}</p>
      <Button look="danger-plain" icon="trash" className="-ms-4" onClick={() => setOpen(true)}>
        {t("rights.delete")}
      </Button>
      {isOpen && <DeleteDialog onClose={() => setOpen(false)} />}
    </section>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const { guard, dialog } = useStepUp();
  const [leavings, setLeavings] = useState<Leavings>("keep");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const remove = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const at = await guard(() => actions.deleteAccount(leavings));
      const date = new Date(at).toLocaleDateString(locale(), { dateStyle: "long" });
      toast(t("rights.deletedOn", { date }), { isLasting: true });
    } catch (error) {
      const refused = failureOf(error);
      if (refused.code !== "step_up_required") setFailure(refused);
      setBusy(false);
    }
  };
  return (
    <>
      <Dialog
        title={t("rights.deleteTitle")}
        onClose={onClose}
        footer={
          <>
            <Button onClick={onClose} data-autofocus>
              {t("kit.cancel")}
            </Button>
            <Button look="danger" isBusy={isBusy} onClick={() => void remove()}>
              {t("rights.delete")}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <FailureLine failure={failure} />
          <p className="text-muted">{t("rights.deleteMeans")}</p>
          <Choice
            label={t("rights.messages")}
            hint={t(leavings === "keep" ? "rights.keepHint" : "rights.removeHint")}
            value={leavings}
            options={[
              { value: "keep", label: t("rights.keep") },
              { value: "remove", label: t("rights.remove") },
            ]}
            onChange={setLeavings}
          />
        </div>
      </Dialog>
      {dialog}
    </>
  );
}
