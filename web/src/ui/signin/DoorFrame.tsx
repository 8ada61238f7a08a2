import type { ReactNode } from "react";
import { t } from "../../i18n";
import { LanguageChoice } from "./LanguageChoice";
import { Logo } from "./Logo";

/** Around whatever stands before the chats: signing in, and what letters lead to. */
export function DoorFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto bg-canvas p-4">
      <div className="fade-in m-auto w-full max-w-104">
        <div className="mb-5 flex flex-col items-center gap-1 text-center">
          <Logo />
          <p className="mt-2 text-2xl font-bold">{t("kit.appName")}</p>
          <p className="text-muted">{t("signin.slogan")}</p>
        </div>
        <section className="rounded-3xl bg-surface p-6 wrap-anywhere shadow-pop forced-colors:border">
          <h1 className="mb-4 text-balance text-center text-xl font-semibold">{title}</h1>
          {children}
        </section>
        <LanguageChoice />
      </div>
    </main>
  );
}
