import { useEffect } from "react";
import { t } from "../../i18n";
import { applyUpdate, lookForUpdate, onUpdateReady } from "../../shell/update";
import { toast } from "../kit/toast";
import { useWhenOnline } from "./useWhenOnline";

/** Offers the new version once it is here; nothing reloads by itself under what somebody writes. */
export function useUpdateToast(): void {
  useWhenOnline(lookForUpdate);
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
