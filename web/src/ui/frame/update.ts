import { useEffect } from "react";
import { t } from "../../i18n";
import { applyUpdate, onUpdateReady } from "../../shell/update";
import { toast } from "../kit/toast";

/** Offers the new version once it is here; nothing reloads by itself under what somebody writes. */
export function useUpdateToast(): void {
  useEffect(
    () =>
      onUpdateReady(() =>
        toast(t("frame.updateReady"), {
          isLasting: true,
          action: { label: t("kit.reload"), run: applyUpdate },
        }),
      ),
    [],
  );
}
