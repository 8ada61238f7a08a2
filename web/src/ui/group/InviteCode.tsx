import { t } from "../../i18n";
import { Dialog } from "../kit/Dialog";
import { QrCode } from "../kit/QrCode";

interface Props {
  /** Of the group. */
  title: string;
  link: string;
  onClose: () => void;
}

/** A link to hold up to somebody's camera. */
export function InviteCode({ title, link, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="flex flex-col gap-3 text-center">
        <p className="text-muted">{t("group.invite.scan")}</p>
        <QrCode text={link} label={t("group.invite.code")} />
        <p dir="ltr" className="select-all text-sm wrap-anywhere">
          {link}
        </p>
      </div>
    </Dialog>
  );
}
