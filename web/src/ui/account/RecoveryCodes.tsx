import { t } from "../../i18n";
import { Button } from "../kit/Button";
import { copyText } from "../kit/copyText";

interface Props {
  codes: readonly string[];
  onDone: () => void;
}

/** Shown this once: to be kept where the phone is not. */
export function RecoveryCodes({ codes, onDone }: Props) {
  const text = `${codes.join("\n")}\n`;
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    Object.assign(link, { href: url, download: "nexuschat-recovery-codes.txt" }).click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="flex flex-col gap-4">
      <p>{t("account.codesText")}</p>
      <ul
        data-print
        aria-label={t("account.recoveryCodes")}
        dir="ltr"
        className="grid grid-cols-[repeat(auto-fill,minmax(min(9.5rem,100%),1fr))] gap-x-4 gap-y-1 rounded-xl bg-sunken p-4 font-mono text-sm forced-colors:border"
      >
        {codes.map((code) => (
          <li key={code} className="wrap-anywhere">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button icon="copy" onClick={() => void copyText(text)}>
          {t("account.copyCodes")}
        </Button>
        <Button icon="down" onClick={download}>
          {t("account.downloadCodes")}
        </Button>
        <Button onClick={() => window.print()}>{t("account.printCodes")}</Button>
      </div>
      <Button look="primary" onClick={onDone}>
        {t("account.codesKept")}
      </Button>
    </div>
  );
}
